import numpy as np
import pandas as pd
from sklearn.utils import Bunch


def make_bunch(
    *,
    audio,
    target,
    groups,
    metadata,
    skipped,
    descr,
    as_frame,
    return_X_y,
    features=None,
    **more,
):
    """Return the Bunch of a loader.

    All tables are Series and DataFrames indexed by clip id. Their rows are put into the order of
    `audio`; rows of other clips are dropped. `more` are further entries of the Bunch.
    """
    ids = audio.index
    target = target.loc[ids]
    features = None if features is None else features.loc[ids]
    table = _table(audio, features)
    data = table if as_frame else audio.to_numpy(dtype=object)
    labels = target if as_frame else target.to_numpy(dtype=str)
    if return_X_y:
        return data, labels
    bunch = Bunch(
        data=data,
        target=labels,
        groups=_groups(groups, ids, as_frame),
        frame=table.assign(**{target.name: target}) if as_frame else None,
        feature_names=list(table.columns[1:]),
        target_names=sorted(target.unique()),
        ids=ids.to_numpy(dtype=object),
        metadata=metadata.loc[ids],
        skipped=skipped,
        DESCR=descr,
        **more,
    )
    if not as_frame:
        bunch["features"] = None if features is None else features.to_numpy(dtype=np.float64)
    return bunch


def _table(audio, features):
    table = audio.rename("audio").to_frame()
    return table if features is None else pd.concat([table, features], axis=1)


def _groups(groups, ids, as_frame):
    if groups is None:
        return None
    groups = groups.loc[ids]
    return groups if as_frame else groups.to_numpy(dtype=object)
