"""Workers that wait on Redis, as its list of clients shows them."""

from moderation.broker import Broker


def somebody_waits(broker: Broker) -> bool:
    clients = broker.redis.client_list()
    return any(client["cmd"] == "blmpop" and "b" in client["flags"] for client in clients)
