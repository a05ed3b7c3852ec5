"""Tables: the study's figures beside the published ones, as data and as Markdown."""
