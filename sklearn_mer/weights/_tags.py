"""Names of the taggers' outputs, in their order."""

# fmt: off
_MTAT = (
    "guitar", "classical", "slow", "techno", "strings", "drums", "electronic", "rock", "fast",
    "piano", "ambient", "beat", "violin", "vocal", "synth", "female", "indian", "opera", "male",
    "singing", "vocals", "no vocals", "harpsichord", "loud", "quiet", "flute", "woman",
    "male vocal", "no vocal", "pop", "soft", "sitar", "solo", "man", "classic", "choir", "voice",
    "new age", "dance", "male voice", "female vocal", "beats", "harp", "cello", "no voice", "weird",
    "country", "metal", "female voice", "choral",
)
_MSD = (
    "rock", "pop", "alternative", "indie", "electronic", "female vocalists", "dance", "00s",
    "alternative rock", "jazz", "beautiful", "metal", "chillout", "male vocalists", "classic rock",
    "soul", "indie rock", "mellow", "electronica", "80s", "folk", "90s", "chill", "instrumental",
    "punk", "oldies", "blues", "hard rock", "ambient", "acoustic", "experimental",
    "female vocalist", "guitar", "hip-hop", "70s", "party", "country", "easy listening", "sexy",
    "catchy", "funk", "electro", "heavy metal", "progressive rock", "60s", "rnb", "indie pop",
    "sad", "house", "happy",
)
# In the source a LabelBinarizer orders "genre---...", "instrument---...", "mood/theme---...".
_JAMENDO_GENRES = (
    "alternative", "ambient", "atmospheric", "chillout", "classical", "dance", "downtempo",
    "easylistening", "electronic", "experimental", "folk", "funk", "hiphop", "house", "indie",
    "instrumentalpop", "jazz", "lounge", "metal", "newage", "orchestral", "pop", "popfolk",
    "poprock", "reggae", "rock", "soundtrack", "techno", "trance", "triphop", "world",
)
_JAMENDO_INSTRUMENTS = (
    "acousticguitar", "bass", "computer", "drummachine", "drums", "electricguitar",
    "electricpiano", "guitar", "keyboard", "piano", "strings", "synthesizer", "violin", "voice",
)
_JAMENDO_MOODS = ("emotional", "energetic", "film", "happy", "relaxing")
# fmt: on

TAGS = {
    "mtat": _MTAT,
    "msd": _MSD,
    "jamendo": (
        *(f"genre {tag}" for tag in _JAMENDO_GENRES),
        *(f"instrument {tag}" for tag in _JAMENDO_INSTRUMENTS),
        *(f"mood {tag}" for tag in _JAMENDO_MOODS),
    ),
}
