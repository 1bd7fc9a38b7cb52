"""``/metrics``: the figures as Prometheus reads them."""
