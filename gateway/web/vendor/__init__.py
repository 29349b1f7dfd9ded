"""Files of others that the page uses, as they were published; VENDOR.toml lists them with digests and licences."""
