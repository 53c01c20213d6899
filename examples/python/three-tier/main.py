"""A shop in three tiers: pages, two services behind them, and a database that only these reach.

Writes the YAML into the folder that is named, by default ``dist``.
"""

import sys

from cdk8s import ApiObject, ApiObjectMetadata, Chart, Size
from cdk8s_best_practices import (
    App,
    Authentication,
    Autoscaling,
    Cpu,
    HttpRoute,
    HttpRouting,
    IngressController,
    Inventory,
    NamedPort,
    NetworkTier,
    NetworkTiers,
    Peer,
    Probe,
    Redis,
    Resources,
    SecretKeyRef,
    Tls,
    VersionedSecret,
    WebService,
)

NAMESPACE = "shop"
HOST = "shop.example.com"


def namespace(chart: Chart) -> None:
    """The namespace: it admits only pods that meet Pod Security ``restricted``."""
    ApiObject(
        chart,
        "Resource",
        api_version="v1",
        kind="Namespace",
        metadata=ApiObjectMetadata(
            name=NAMESPACE,
            labels={
                "pod-security.kubernetes.io/enforce": "restricted",
                "pod-security.kubernetes.io/warn": "restricted",
            },
        ),
    )


def three_tier(app: App) -> NetworkTiers:
    def component(id: str) -> Chart:
        return Chart(app, id, namespace=NAMESPACE, labels={"app.kubernetes.io/part-of": "shop"})

    def service(id: str, image: str) -> WebService:
        return WebService(
            component(id),
            "Default",
            image=image,
            port=8080,
            extra_ports=[NamedPort(name="metrics", port=9090)],
            resources=Resources.of(cpu=Cpu.millis(250), memory=Size.mebibytes(256)),
            readiness=Probe.http_get("/readyz"),
            liveness=Probe.http_get("/healthz"),
            autoscaling=Autoscaling.on_cpu(min=2, max=6, target=70),
        )

    # its own chart, so that it is applied first
    namespace(Chart(app, "00-namespace"))
    # applied right after the namespace: the tiers are closed before the first pod is there
    tiers = NetworkTiers(
        component("01-tiers"),
        "Default",
        tiers=[
            NetworkTier(name="web", internet_facing=True),
            NetworkTier(name="api"),
            NetworkTier(name="db"),
        ],
    )

    data = component("redis")
    redis = Redis(
        data,
        "Default",
        password=SecretKeyRef(
            secret=VersionedSecret(data, "redis-passwd", version="v1"), key="passwd"
        ),
        storage=Size.gibibytes(10),
    )
    shop = service("shop", "ghcr.io/example/shop:2.3.0")
    orders = service("orders", "ghcr.io/example/shop-orders:2.3.0")
    catalog = service("catalog", "ghcr.io/example/shop-catalog:2.3.0")

    tiers.add("web", shop)
    tiers.add("api", orders)
    tiers.add("api", catalog)
    tiers.add("db", redis)

    shop.connect_to(orders)
    shop.connect_to(catalog)
    orders.connect_to(redis)
    tiers.allow_scraping(
        Peer.pods(namespace="monitoring", labels={"app.kubernetes.io/name": "prometheus"})
    )

    HttpRouting(
        component("routing"),
        "Default",
        host=HOST,
        tls=Tls.cert_manager(cluster_issuer="letsencrypt"),
        authentication=Authentication.by_app(),
        controller=IngressController.in_namespace("traefik", class_name="traefik"),
        routes=[HttpRoute(path="/", backend=shop)],
    )
    return tiers


output = sys.argv[1] if len(sys.argv) > 1 else "dist"
app = App(outdir=output)
tiers = three_tier(app)
app.synth()
print(Inventory.of(app).to_text())
print(tiers.to_text())
