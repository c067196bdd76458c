"""The table of mutations fits the source; that each mutation is noticed, `make mutate` sees."""

from tests.mutations.table import MUTATIONS, what_is_wrong


def test_every_mutation_stands_where_the_table_says_and_has_one_test():
    assert [problem for mutation in MUTATIONS for problem in what_is_wrong(mutation)] == []
    assert len({(mutation.file, mutation.old, mutation.new) for mutation in MUTATIONS}) == len(MUTATIONS)
