"""A published dataset on its way into the formats that people train from."""
