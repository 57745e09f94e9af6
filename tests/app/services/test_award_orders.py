"""Orders earn, shrink and settle by one path, whatever arrives when."""


from tests.fixtures.stores import Store


def test_a_paid_order_earns_pending_points(store: Store):
    result = store.take_in(store.order(12_345))

    assert store.balances() == (123, 0, 0)
    assert result.orders_stored == result.orders_awarded == 1
    assert result.points_posted == 123


def test_the_same_state_twice_awards_points_once(store: Store):
    order = store.order(5_000)

    store.take_in(order, order)
    again = store.take_in(order)

    assert store.balances() == (50, 0, 0)
    assert again.orders_stored == 0
    assert store.kinds() == ["earn"]
