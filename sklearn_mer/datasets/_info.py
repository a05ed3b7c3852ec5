from dataclasses import dataclass

from ._errors import DatasetNotFoundError
from ._home import ENVIRONMENT_VARIABLE, get_data_home


@dataclass(frozen=True)
class DatasetInfo:
    """What is to be said of a published data set wherever it is named."""

    title: str
    folder: str
    marker: str
    homepage: str
    size: str
    licence: str
    citation: str
    layout: str
    fetch: str

    def path(self, data_home):
        """Return the folder of the data set inside the data home."""
        return get_data_home(data_home) / "datasets" / self.folder

    def find_root(self, data_home):
        """Return the folder that holds the marker file.

        An archive that was unpacked by hand often brings a folder of its own,
        so that one level below is looked at too.
        """
        folder = self.path(data_home)
        if folder.is_dir():
            inner = sorted(entry for entry in folder.iterdir() if entry.is_dir())
            for root in [folder, *inner]:
                if (root / self.marker).is_file():
                    return root
        raise self.not_found(self.marker, folder)

    def is_present(self, data_home):
        """Return whether the data set is there."""
        try:
            self.find_root(data_home)
        except DatasetNotFoundError:
            return False
        return True

    def not_found(self, what, folder, *, fetch=None):
        """Return the error for a file of the data set that is not there."""
        fetch = fetch or self.fetch  # none for a data set that nothing here downloads
        return DatasetNotFoundError(
            f"{self.title}: no {what} in {folder}. Nothing was downloaded. If you have the data "
            f"set, set the environment variable {ENVIRONMENT_VARIABLE} or pass data_home=: the "
            f"folder whose sub-folder datasets/{self.folder} holds it. If not, get it from "
            f"{self.homepage} ({self.size}; licence: {self.licence})"
            f"{f', or call {fetch}' if fetch else ''}."
        )

    def describe(self, *notes):
        """Return the text that a loader puts into `DESCR`."""
        sections = [
            self.title,
            "=" * len(self.title),
            "",
            *notes,
            "",
            f"**Source.** {self.homepage} ({self.size})",
            "",
            f"**Licence.** {self.licence}",
            "",
            "**Layout.**",
            "",
            self.layout.strip("\n"),
            "",
            "**Cite.**",
            "",
            self.citation.strip("\n"),
            "",
        ]
        return "\n".join(sections)
