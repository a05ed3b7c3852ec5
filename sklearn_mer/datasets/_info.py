from dataclasses import dataclass

from .._data_home import ENVIRONMENT_VARIABLE, get_data_home
from ._errors import DatasetNotFoundError


@dataclass(frozen=True)
class DatasetInfo:
    """Description of a published data set, for errors and `DESCR`."""

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
        """Return the folder that contains the marker file.

        The sub-folders are searched too, since archives often contain a top-level folder.
        """
        folder = self.path(data_home)
        if folder.is_dir():
            inner = sorted(entry for entry in folder.iterdir() if entry.is_dir())
            for root in [folder, *inner]:
                if (root / self.marker).is_file():
                    return root
        raise self.not_found(self.marker, folder)

    def is_present(self, data_home):
        """Return whether the data set exists."""
        try:
            self.find_root(data_home)
        except DatasetNotFoundError:
            return False
        return True

    def not_found(self, what, folder, *, fetch=None):
        """Return the error for a missing file of the data set."""
        fetch = fetch or self.fetch  # empty if no function downloads the data set
        return DatasetNotFoundError(
            f"{self.title}: no {what} in {folder}. Nothing was downloaded. If you have the data "
            f"set, set the environment variable {ENVIRONMENT_VARIABLE} or data_home= to the folder "
            f"whose sub-folder datasets/{self.folder} contains it. Otherwise, get it from "
            f"{self.homepage} ({self.size}; licence: {self.licence})"
            f"{f', or call {fetch}' if fetch else ''}."
        )

    def describe(self, *notes):
        """Return the text of the entry `DESCR`."""
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
