"""All that may differ between environments, so that nothing else can.

Images, probes, rollout, policies and security are the same everywhere: what was tested is what runs.
"""

from dataclasses import dataclass

from cdk8s import Size


@dataclass(frozen=True)
class RedisSettings:
    replicas: int
    max_memory: Size
    storage: Size
    password_version: str


@dataclass(frozen=True)
class Environment:
    namespace: str
    host: str
    cluster_issuer: str
    entries_per_page: int
    frontend_min: int
    frontend_max: int
    site_replicas: int
    redis: RedisSettings


ENVIRONMENTS = {
    "dev": Environment(
        namespace="journal-dev",
        host="journal.dev.example.com",
        cluster_issuer="letsencrypt-staging",
        entries_per_page=10,
        frontend_min=2,
        frontend_max=3,
        site_replicas=1,
        redis=RedisSettings(
            replicas=1,
            max_memory=Size.mebibytes(64),
            storage=Size.gibibytes(1),
            password_version="v1",
        ),
    ),
    "prod": Environment(
        namespace="journal-prod",
        host="journal.example.com",
        cluster_issuer="letsencrypt",
        entries_per_page=10,
        frontend_min=3,
        frontend_max=10,
        site_replicas=2,
        redis=RedisSettings(
            replicas=3,
            max_memory=Size.mebibytes(256),
            storage=Size.gibibytes(10),
            password_version="v1",
        ),
    ),
}
