"""Which token sequences are kept, and where."""

import random

import pytest

from workers.inference.token_trie import TokenTrie


def slots(trie: TokenTrie, *ids: int) -> list[int]:
    return trie.find(ids).tolist()


def test_what_begins_alike_shares_its_slots():
    trie = TokenTrie(20)
    long = trie.add([1, 2, 3, 4]).slots.tolist()
    other = trie.add([1, 2, 7, 8])
    assert (other.known, other.slots.tolist()[:2]) == (2, long[:2])
    assert set(other.new.tolist()).isdisjoint(long)
    assert trie.tokens == 6
    assert slots(trie, 1, 2, 3, 4, 5) == long


def test_only_the_longest_kept_beginning_is_found():
    trie = TokenTrie(20)
    kept = trie.add([1, 2, 3]).slots.tolist()
    assert slots(trie, 1, 2, 9) == kept[:2]
    assert slots(trie, 2, 3) == []
    assert slots(trie) == []


def test_slot_zero_is_nobodys():
    trie = TokenTrie(3)
    assert sorted(trie.add([5, 5, 5]).slots.tolist()) == [1, 2, 3]


def test_the_least_recently_used_end_of_a_branch_goes_first():
    trie = TokenTrie(6)
    for text in ([1, 2, 3], [1, 2, 4], [1, 2, 5]):
        trie.begin()
        trie.add(text)
    trie.begin()
    trie.find([1, 2, 3])
    trie.begin()
    trie.add([6, 7])
    assert [len(trie.find([1, 2, last])) for last in (3, 4, 5)] == [3, 2, 3]
    assert len(trie.find([6, 7])) == 2
    assert (trie.tokens, trie.evicted) == (6, 1)


def test_what_this_operation_needs_is_never_evicted_and_only_a_beginning_is_kept():
    trie = TokenTrie(4)
    trie.begin()
    held = trie.add([1, 2, 3]).slots.tolist()
    added = trie.add([4, 5, 6])
    assert (added.count, added.known) == (1, 0)
    assert slots(trie, 1, 2, 3) == held


def test_what_is_kept_again_after_an_eviction_is_counted():
    trie = TokenTrie(4)
    for text in ([1, 2, 3, 4], [5, 6, 7], [1, 2, 3, 4]):
        trie.begin()
        trie.add(text)
    assert (trie.evicted, trie.again) == (7, 4)


def test_evicted_slots_are_told():
    gone: list[int] = []
    trie = TokenTrie(3, lambda slots: gone.extend(slots.tolist()))
    kept = trie.add([1, 2, 3]).slots.tolist()
    trie.begin()
    trie.add([4])
    assert sorted(gone) == sorted(kept)


@pytest.mark.parametrize("seed", range(5))
def test_over_many_operations_every_slot_belongs_to_one_prefix_and_memory_is_bounded(seed):
    draw, capacity = random.Random(seed), 40
    owner: dict[int, tuple[int, ...]] = {}
    trie = TokenTrie(capacity, lambda slots: [owner.pop(slot) for slot in slots.tolist()])
    for _ in range(600):
        trie.begin()
        ids = tuple(draw.randrange(3) for _ in range(draw.randrange(1, 12)))
        for place, slot in enumerate(trie.find(ids).tolist(), start=1):
            assert owner[slot] == ids[:place]
        kept = trie.add(ids)
        for place, slot in enumerate(kept.new.tolist(), start=kept.known + 1):
            assert slot not in owner
            owner[slot] = ids[:place]
        assert len(owner) == trie.tokens <= capacity
        assert kept.count == len(ids)
    assert trie.evicted > trie.again > 0
