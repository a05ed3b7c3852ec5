"""Parameters of synthetic music."""

MIDDLE = {
    "mode": "major",
    "key": "C",
    "tempo": 100.0,
    "loudness": -6.0,
    "register": 70.0,
    "articulation": 0.6,
    "density": 0.5,
    "roughness": 0.3,
    "brightness": 0.5,
    "percussion": 0.0,
}
