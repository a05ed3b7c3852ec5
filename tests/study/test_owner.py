"""Which claims are of drivers that have died."""

import os
import subprocess
import sys
import uuid

import pytest
from sklearn.svm import SVC

from sklearn_mer.methods import Method
from sklearn_mer.study import plan_cells, run_cells
from sklearn_mer.study._results import has_died, new_owner

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the system does not tell")
known_machine = pytest.mark.skipif(
    bool(uuid.getnode() >> 40 & 1), reason="without a network card the machine's number is chance"
)


def owner_of_an_ended_process():
    code = "from sklearn_mer.study._results import new_owner; print(new_owner())"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return ended.stdout.strip()


@known_machine
def test_a_process_that_has_ended_has_died_and_this_one_has_not():
    assert has_died(owner_of_an_ended_process())
    assert not has_died(new_owner())
    assert new_owner() != new_owner()


@pytest.mark.parametrize("owner", ["", "-", "one", "0123-1-2", "b7251dc7fe304259b443847ef9cead93"])
def test_what_is_not_known_is_not_taken_for_dead(owner):
    assert not has_died(owner)


def test_another_machine_of_the_same_name_is_not_this_one(monkeypatch):
    owner = owner_of_an_ended_process()
    monkeypatch.setattr("uuid.getnode", lambda: 0)
    assert not has_died(owner)


@pytest.mark.parametrize("number", ["1", "9" * 30])
def test_neither_the_first_process_nor_a_number_that_is_too_large(number):
    machine = new_owner().partition("-")[0]
    assert not has_died(f"{machine}-{number}-0")


@known_machine
def test_cells_of_a_dead_driver_come_in_their_turn_and_those_of_a_living_one_last(
    data, protocol, results
):
    cells = plan_cells([Method("svm", SVC())], data, protocol)
    results.claim(cells[0], new_owner())
    results.claim(cells[1], owner_of_an_ended_process())
    run_cells(cells, data, results, n_jobs=1, max_cells=1, progress=False)
    assert [row["key"] for row in results.rows()] == [cells[1].key]
    assert results.owner(cells[0])  # the living one's
    assert results.owner(cells[1]) is None
