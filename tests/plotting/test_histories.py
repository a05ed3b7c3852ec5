from sklearn.dummy import DummyClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_mer.plotting import find_history

from .learners import Holder, Learner, X, Y, history


def test_where_a_history_is_found():
    assert len(find_history(make_pipeline(StandardScaler(), Learner(4)).fit(X, Y))) == 4
    assert find_history(make_pipeline(StandardScaler(), DummyClassifier()).fit(X, Y)) is None
    scaler = StandardScaler().fit(X)
    scaler.history_ = history(2)  # as of an embedding that is trained
    assert find_history(Pipeline([("scaler", scaler), ("forest", DummyClassifier())])) == history(2)
    assert len(find_history(Holder().fit(X, Y))) == 2
    assert find_history(DummyClassifier().fit(X, Y)) is None
