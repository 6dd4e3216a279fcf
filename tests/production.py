"""An environment as production has it, for checks that connect to nothing."""

PRODUCTION = {
    "SECRET_KEY": "xK7-not-a-real-key-0123456789-abcdefghijklmnopqrstuvwxyz-ABCD",
    "LINK_KEY": "not-a-real-key-for-links-0123456789-abcdef",
    "INDEX_KEY": "not-a-real-key-for-index-0123456789-abcdef",
    "FIELD_KEYS": "J5Oxgq8mHNOqNUoP2xrqq-BdNn0C0XbR8v7sVvJ9w1A=",
    "SITE_URL": "https://lotsen.example",
    "DATABASE_URL": "postgresql://portal:geheim@127.0.0.1:1/portal",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "EMAIL_URL": "smtp://127.0.0.1:1",
    "DEFAULT_FROM_EMAIL": "lotsen@example.org",
    "TRUSTED_PROXY": "1",
}
