"""The journal service: frontend, replicated Redis, static files and one host for all, each component a chart."""

import json

from cdk8s import ApiObject, ApiObjectMetadata, App, Chart, Size
from cdk8s_best_practices import (
    Authentication,
    Autoscaling,
    Cpu,
    HttpRoute,
    HttpRouting,
    IngressController,
    Probe,
    Redis,
    Resources,
    SecretKeyRef,
    StaticSite,
    Tls,
    VersionedConfigMap,
    VersionedSecret,
    WebService,
)
from constructs import Construct

from environments import Environment


class NamespaceChart(Chart):
    """The namespace: it admits only pods that meet Pod Security ``restricted``.

    Its own chart, so that it is applied first.
    """

    def __init__(self, scope: Construct, id: str, name: str) -> None:
        super().__init__(scope, id)
        ApiObject(
            self,
            "Resource",
            api_version="v1",
            kind="Namespace",
            metadata=ApiObjectMetadata(
                name=name,
                labels={
                    "pod-security.kubernetes.io/enforce": "restricted",
                    "pod-security.kubernetes.io/warn": "restricted",
                },
            ),
        )


def journal(app: App, environment: Environment) -> None:
    def component(id: str) -> Chart:
        return Chart(
            app, id, namespace=environment.namespace, labels={"app.kubernetes.io/part-of": "journal"}
        )

    NamespaceChart(app, "00-namespace", environment.namespace)

    data = component("redis")
    redis = Redis(
        data,
        "Default",
        replicas=environment.redis.replicas,
        max_memory=environment.redis.max_memory,
        storage=environment.redis.storage,
        password=SecretKeyRef(
            secret=VersionedSecret(data, "redis-passwd", version=environment.redis.password_version),
            key="passwd",
        ),
    )

    api = component("frontend")
    settings = {"entriesPerPage": environment.entries_per_page}
    config = VersionedConfigMap(
        api,
        "config",
        name="frontend",
        data={"journal.json": json.dumps(settings, separators=(",", ":"))},
    )
    frontend = WebService(
        api,
        "Default",
        image="ghcr.io/example/journal-server:1.4.2",
        port=8080,
        resources=Resources.of(cpu=Cpu.millis(500), memory=Size.gibibytes(1)),
        readiness=Probe.http_get("/readyz"),
        liveness=Probe.http_get("/healthz"),
        autoscaling=Autoscaling.on_cpu(
            min=environment.frontend_min, max=environment.frontend_max, target=80
        ),
    )
    frontend.mount("/etc/journal", config)
    frontend.connect_to(redis)

    site = StaticSite(
        component("site"),
        "Default",
        image="ghcr.io/example/journal-site:1.4.2",
        replicas=environment.site_replicas,
    )

    HttpRouting(
        component("routing"),
        "Default",
        host=environment.host,
        tls=Tls.cert_manager(cluster_issuer=environment.cluster_issuer),
        authentication=Authentication.by_app(),
        controller=IngressController.in_namespace("traefik", class_name="traefik"),
        routes=[
            HttpRoute(path="/api", backend=frontend),
            HttpRoute(path="/", backend=site),
        ],
    )
