"""Three teams on one cluster: the namespaces, which the platform team owns, and what the teams run in them.

Writes the YAML into the folder that is named, by default ``dist``.
"""

import sys
from dataclasses import dataclass
from typing import Optional

from cdk8s import Chart, Size
from cdk8s_best_practices import (
    AccessRole,
    App,
    Autoscaling,
    ClusterProfile,
    Cpu,
    Egress,
    Inventory,
    LimitRangeOptions,
    NodeAllocatable,
    Probe,
    Quota,
    Redis,
    Resources,
    SecretKeyRef,
    StaticSite,
    StorageClassQuota,
    Subject,
    TenantNamespace,
    VersionedSecret,
    WebService,
)


@dataclass(frozen=True)
class Team:
    """What the platform team knows of a team: whom to ask, what for, and what it pays for."""

    owner: str
    purpose: str
    quota: Quota
    limit_range: Optional[LimitRangeOptions] = None


# by the names of their namespaces
TEAMS = {
    "shop": Team(
        owner="shop-oncall@example.com",
        purpose="The web shop, production",
        quota=Quota.of(
            cpu=Cpu.units(8),
            memory=Size.gibibytes(16),
            pods=80,
            storage=Size.gibibytes(40),
            storage_classes={"fast": StorageClassQuota(storage=Size.gibibytes(30), claims=3)},
        ),
        limit_range=LimitRangeOptions(max_claim=Size.gibibytes(20)),
    ),
    "blog": Team(
        owner="alice",
        purpose="The company blog",
        quota=Quota.of(cpu=Cpu.units(1), memory=Size.gibibytes(2)),
    ),
    "search": Team(
        owner="search-team",
        purpose="Product search, without CPU limits: it uses what is idle",
        quota=Quota.without_cpu_limit(cpu=Cpu.units(6), memory=Size.gibibytes(24)),
    ),
}


def tenants(app: App) -> None:
    ClusterProfile(
        name="prod",
        version="1.30",
        zones=3,
        nodes=6,
        allocatable=NodeAllocatable(cpu=Cpu.millis(3920), memory=Size.gibibytes(14)),
    ).assign_to(app)
    platform = Chart(app, "00-namespaces")
    registry = VersionedSecret(
        platform, "registry", version="v1", type="kubernetes.io/dockerconfigjson"
    )
    for name, team in TEAMS.items():
        tenant = TenantNamespace(
            platform,
            name,
            name=name,
            owner=team.owner,
            team=name,
            purpose=team.purpose,
            quota=team.quota,
            limit_range=team.limit_range,
            developers=[f"oidc:team-{name}"],
            pull_secrets=[registry],
        )
        tenant.grant("deployer", AccessRole.deployer(), Subject.group(f"oidc:ci-{name}"))
    shop(Chart(app, "shop", namespace="shop"))
    blog(Chart(app, "blog", namespace="blog"))
    search(Chart(app, "search", namespace="search"))


def shop(chart: Chart) -> None:
    carts = Redis(
        chart,
        "carts",
        password=SecretKeyRef(
            secret=VersionedSecret(chart, "carts-passwd", version="v1"), key="passwd"
        ),
        storage=Size.gibibytes(10),
        storage_class_name="fast",
    )
    web = WebService(
        chart,
        "web",
        image="ghcr.io/example/shop:2.3.0",
        port=8080,
        readiness=Probe.http_get("/readyz"),
        resources=Resources.of(cpu=Cpu.millis(250), memory=Size.mebibytes(512)),
        autoscaling=Autoscaling.on_cpu(min=3, max=12, target=80),
        egress_to=[Egress.internet()],
    )
    web.connect_to(carts)


def blog(chart: Chart) -> None:
    StaticSite(chart, "site", image="ghcr.io/example/blog:1.0.7")


def search(chart: Chart) -> None:
    WebService(
        chart,
        "query",
        image="ghcr.io/example/search:4.1.0",
        port=8080,
        readiness=Probe.http_get("/readyz"),
        replicas=3,
        resources=Resources.without_cpu_limit(cpu=Cpu.millis(800), memory=Size.gibibytes(3)),
    )


output = sys.argv[1] if len(sys.argv) > 1 else "dist"
app = App(outdir=output)
tenants(app)
app.synth()
print(Inventory.of(app).to_text())
