"""What docs/other-languages.md says, tried: its code, and its claims. .ci/languages runs it with the wheel installed."""

import re
import unittest
from pathlib import Path

import cdk8s_plus_27
import cdk8s_plus_34
import jsii
from cdk8s import Chart, Duration, Size, Testing
from cdk8s_best_practices import (
    AccessGrant,
    AccessRole,
    App,
    EnvSource,
    Findings,
    Inventory,
    IPeer,
    IRule,
    ManifestQuery,
    Manifests,
    Match,
    NamedPort,
    NetworkTier,
    NetworkTiers,
    Peer,
    Probe,
    Redis,
    Resources,
    Rules,
    SecretKeyRef,
    SecretRef,
    Severity,
    Subject,
    VersionedConfigMap,
    Violation,
    WebService,
    Worker,
)

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs/other-languages.md").read_text()
BLOCKS = re.findall(r"^```python\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
IMAGE = "ghcr.io/acme/web:1.4.2"


def shop():
    app = App()
    return app, Chart(app, "app", namespace="shop")


def service(chart, id="web", **props):
    return WebService(chart, id, **{"image": IMAGE, "port": 8080, "readiness": Probe.http_get("/readyz"), **props})


def written(chart, kind):
    return [manifest for manifest in Testing.synth(chart) if manifest["kind"] == kind]


def findings_of(app):
    """Those of interest: what the small apps here leave open in their networks is none."""
    return [finding for finding in Findings.of(app) if not finding.rule.startswith("network/")]


def run(code):
    """Runs a block, and gives its variables, with what it would write as `yaml`."""
    variables = {}
    exec(compile(code.replace("app.synth()", "yaml = app.synth_yaml()"), "other-languages.md", "exec"), variables)
    return variables


class Guide(unittest.TestCase):
    def test_the_app(self):
        yaml = run(BLOCKS[0])["yaml"]
        self.assertIn("REDIS_PASSWORD_FILE", yaml)
        self.assertEqual(yaml.count("\nkind: "), 14)

    def test_the_rule(self):
        variables = run(BLOCKS[1])
        self.assertEqual(
            [(finding.rule, finding.severity, finding.construct_path) for finding in findings_of(variables["app"])],
            [("acme/own-registry", Severity.WARNING, "shop/cart")],
        )

    def test_the_block_with_pods(self):
        variables = run(BLOCKS[2])
        self.assertIn("memcached", variables["yaml"])
        self.assertEqual(
            [(one.from_, one.to, one.ports) for one in Inventory.of(variables["app"]).connections],
            [("shop/web", "shop/cache", "11211")],
        )

    def test_the_block_with_pods_in_a_tier(self):
        cache = run(BLOCKS[2])["Cache"]
        _, chart = shop()
        NetworkTiers(chart, "tiers", tiers=[NetworkTier(name="data")]).add("data", cache(chart, "cache"))
        (deployment,) = written(chart, "Deployment")
        self.assertEqual(deployment["spec"]["template"]["metadata"]["labels"]["tier"], "data")

    def test_the_tests(self):
        run(BLOCKS[3])

    def test_all_blocks_are_run(self):
        self.assertEqual(len(BLOCKS), 4)


class Errors(unittest.TestCase):
    def test_the_text_has_all_findings(self):
        app, chart = shop()
        service(chart, image="nginx:latest")
        service(chart, "api", drain=Duration.hours(2), termination_grace_period=Duration.seconds(30))
        with self.assertRaises(RuntimeError) as caught:
            app.synth_yaml()
        first, *lines = str(caught.exception).split("\n")
        self.assertEqual(first, "SynthesisError: Validation failed with the following errors:")
        self.assertEqual(len(lines), 2)
        self.assertRegex(lines[0], r"^  \[app/web\] prop 'image': got 'nginx:latest', expected .*\(CH01-09\)$")
        self.assertRegex(lines[1], r"^  \[app/api\] prop 'drain': got 7200 s, expected .*Write Duration.seconds\(5\)")

    def test_a_value_of_another_type_is_an_error_at_the_call(self):
        _, chart = shop()
        for props in ({"drain": 20}, {"port": "8080"}, {"potr": 8080}, {"service": {"prot": 80}}):
            with self.subTest(props=props), self.assertRaises(TypeError):
                service(chart, **props)

    def test_as_data(self):
        app, chart = shop()
        service(chart, image="nginx:latest")
        (finding,) = findings_of(app)
        self.assertEqual((finding.rule, finding.prop_path), ("workload/image-tag", ["image"]))


class Values(unittest.TestCase):
    def ports(self, extra):
        _, chart = shop()
        service(chart, extra_ports=[extra])
        (found,) = written(chart, "Service")
        return [port["port"] for port in found["spec"]["ports"]]

    def test_a_dict_in_a_list_drops_what_it_does_not_know_and_the_struct_does_not(self):
        self.assertEqual(self.ports({"name": "metrics", "port": 9090, "service_port": 81}), [8080, 9090])
        self.assertEqual(self.ports(NamedPort(name="metrics", port=9090, service_port=81)), [8080, 81])

    def test_none_is_not_given_and_whole_floats_are_numbers(self):
        _, chart = shop()
        service(chart, replicas=3.0, drain=None)
        self.assertEqual(written(chart, "Deployment")[0]["spec"]["replicas"], 3)
        app, other = shop()
        service(other, replicas=2.5)
        self.assertEqual([finding.rule for finding in findings_of(app)], ["props/value"])

    def test_all_members_of_a_workload(self):
        _, chart = shop()
        for block in (service(chart), Worker(chart, "worker", image=IMAGE, liveness=Probe.none())):
            block.add_env("A", "b")
            block.mount("/etc/app", VersionedConfigMap(chart, f"{block.name}-config", data={"a": "b"}))
            block.deployment.metadata.add_annotation("example.com/owner", "shop")
            self.assertEqual(block.node.path, block.node.path)
            self.assertEqual(block.network_policy.kind, "NetworkPolicy")

    def test_a_peer_of_ones_own(self):
        @jsii.implements(IPeer)
        class Office:
            def to_peer(self):
                return Peer.cidr("10.20.0.0/16")

        _, chart = shop()
        service(chart).allow_from(Office())
        (policy,) = written(chart, "NetworkPolicy")
        self.assertEqual(policy["spec"]["ingress"][0]["from"], [{"ipBlock": {"cidr": "10.20.0.0/16"}}])


class OwnRules(unittest.TestCase):
    def findings(self, judge):
        @jsii.implements(IRule)
        class Rule:
            @property
            def id(self):
                return "acme/rule"

            def check(self, view):
                return judge(view)

        app, chart = shop()
        web = service(chart)
        web.connect_to(
            Redis(
                chart,
                "redis",
                password=SecretKeyRef(secret=SecretRef.named("redis-passwd"), key="passwd"),
                storage=Size.gibibytes(10),
            )
        )
        Rules.of(app).add(Rule())
        return [(finding.rule, finding.construct_path, finding.got) for finding in findings_of(app)]

    def test_see_the_whole_app(self):
        def judge(view):
            seen = [
                len(view.objects("Deployment")),
                sorted(workload.name for workload in view.workloads()),
                sorted({(one.from_, one.to) for one in view.connections()}),
                [namespace.name for namespace in view.namespaces()],
                [secret.name for secret in view.secrets()],
                view.objects("Service")[0].manifest["kind"],
                view.cluster_of(view.root) is not None,
            ]
            return [Violation(construct=view.objects("Deployment")[0].construct, got=str(seen), expected="x", fix="y")]

        ((rule, path, got),) = self.findings(judge)
        self.assertEqual((rule, path), ("acme/rule", "app/web/Resource"))
        self.assertEqual(
            got,
            str([
                1,
                ["app-redis", "app-web"],
                [("app/redis", "app/redis"), ("app/web", "app/redis")],
                ["shop"],
                ["redis-passwd"],
                "Service",
                True,
            ]),
        )

    def test_an_exception_is_a_finding(self):
        def judge(view):
            raise KeyError("spec")

        ((rule, _, got),) = self.findings(judge)
        self.assertEqual(rule, "rules/failed")
        self.assertIn("spec", got)


class TestHelper(unittest.TestCase):
    def test_an_error_shows_the_closest_and_its_differences(self):
        app, chart = shop()
        service(chart)
        manifests = Manifests.of(app)
        with self.assertRaisesRegex(RuntimeError, r"closest is Deployment 'app-web'.*\n  spec.replicas: got 2, expected 3"):
            manifests.has(ManifestQuery(kind="Deployment"), {"spec": {"replicas": 3}})
        manifests.has(
            ManifestQuery(kind="Deployment"),
            {"spec": {"template": {"spec": {"containers": Match.including([{"name": Match.text("^ma")}])}}}},
        )
        self.assertFalse(manifests.can_reach(ManifestQuery(name="app-web"), ManifestQuery(name="app-web"), 8080))


class ObjectsOfCdk8sPlus(unittest.TestCase):
    def each(self):
        for kplus in (cdk8s_plus_27, cdk8s_plus_34):
            app, chart = shop()
            with self.subTest(line=kplus.__name__):
                yield kplus, chart

    def test_in_blocks(self):
        for kplus, chart in self.each():
            web = service(chart, resources=Resources.of(cpu=kplus.Cpu.millis(250), memory=Size.mebibytes(64)))
            mail = kplus.Secret.from_secret_name(chart, "mail", "mail")
            web.mount_secret("/var/run/secrets/mail", mail)
            web.add_env("MAIL", kplus.EnvValue.from_secret_value(kplus.SecretValue(secret=mail, key="user")))
            web.add_env_from(kplus.Env.from_secret(mail))
            web.mount("/var/cache/shop", kplus.Volume.from_empty_dir(chart, "cache", "cache"))
            web.allow_from(Peer.from_kplus(kplus.Pods.select(chart, "batch", labels={"app": "batch"})))
            (deployment,) = written(chart, "Deployment")
            (container,) = deployment["spec"]["template"]["spec"]["containers"]
            self.assertEqual(container["resources"]["requests"]["cpu"], "250m")
            self.assertEqual(container["env"][0]["valueFrom"]["secretKeyRef"], {"key": "user", "name": "mail"})
            self.assertEqual(container["envFrom"], [{"secretRef": {"name": "mail"}}])
            self.assertIn({"name": "cache", "emptyDir": {}}, deployment["spec"]["template"]["spec"]["volumes"])

    def test_workloads_as_subjects(self):
        for kplus, chart in self.each():
            account = kplus.ServiceAccount(chart, "account")
            robot = kplus.Deployment(
                chart, "robot", service_account=account, containers=[kplus.ContainerProps(image=IMAGE)]
            )
            AccessGrant(chart, "grant", role=AccessRole.view(), subjects=[Subject.workload(robot)])
            self.assertEqual(len(written(chart, "RoleBinding")), 1)

    def test_blocks_in_it_where_it_takes_interfaces(self):
        for kplus, chart in self.each():
            web = service(chart, service_account_token=True)
            role = kplus.Role(chart, "role")
            role.allow_read(kplus.ApiResource.CONFIG_MAPS)
            role.bind(web)
            kplus.HorizontalPodAutoscaler(chart, "scaling", target=web, min_replicas=2, max_replicas=10)
            kplus.NetworkPolicy(chart, "policy", selector=web).add_ingress_rule(web)
            kplus.Volume.from_config_map(chart, "volume", VersionedConfigMap(chart, "config", data={"a": "b"}))
            self.assertEqual(len(written(chart, "HorizontalPodAutoscaler")), 1)

    def test_not_where_it_takes_classes(self):
        for kplus, chart in self.each():
            web = service(chart)
            with self.assertRaises(TypeError):
                kplus.IngressRule(host="shop.example.com", path="/", backend=web.to_ingress_backend())
            with self.assertRaises((TypeError, RuntimeError)):
                kplus.Deployment(
                    chart,
                    "robot",
                    containers=[kplus.ContainerProps(image=IMAGE, env_variables={"IP": EnvSource.field("status.podIP")})],
                )


if __name__ == "__main__":
    unittest.main()
