import dev.cdk8s.bestpractices.App;
import dev.cdk8s.bestpractices.Authentication;
import dev.cdk8s.bestpractices.Autoscaling;
import dev.cdk8s.bestpractices.AutoscalingTarget;
import dev.cdk8s.bestpractices.CertManagerOptions;
import dev.cdk8s.bestpractices.Cpu;
import dev.cdk8s.bestpractices.HttpRoute;
import dev.cdk8s.bestpractices.HttpRouting;
import dev.cdk8s.bestpractices.IngressController;
import dev.cdk8s.bestpractices.IngressControllerPodOptions;
import dev.cdk8s.bestpractices.Probe;
import dev.cdk8s.bestpractices.Redis;
import dev.cdk8s.bestpractices.Resources;
import dev.cdk8s.bestpractices.ResourcesOptions;
import dev.cdk8s.bestpractices.SecretKeyRef;
import dev.cdk8s.bestpractices.StaticSite;
import dev.cdk8s.bestpractices.Tls;
import dev.cdk8s.bestpractices.VersionedConfigMap;
import dev.cdk8s.bestpractices.VersionedSecret;
import dev.cdk8s.bestpractices.WebService;
import java.util.List;
import java.util.Map;
import org.cdk8s.ApiObject;
import org.cdk8s.ApiObjectMetadata;
import org.cdk8s.AppProps;
import org.cdk8s.Chart;
import org.cdk8s.ChartProps;
import org.cdk8s.Size;

/**
 * The journal service: frontend, replicated Redis, static files and one host for all, each component a chart. Writes
 * the YAML of all environments into the folder that is named, by default dist.
 */
public final class Main {
    /** All that may differ between environments, so that nothing else can. */
    record Environment(String namespace, String host, String clusterIssuer, int entriesPerPage, int frontendMin,
            int frontendMax, int siteReplicas, int redisReplicas, Size redisMemory, Size redisStorage) {}

    public static void main(String[] args) {
        String output = args.length > 0 ? args[0] : "dist";
        write(output + "/dev", new Environment("journal-dev", "journal.dev.example.com", "letsencrypt-staging", 10,
                2, 3, 1, 1, Size.mebibytes(64), Size.gibibytes(1)));
        write(output + "/prod", new Environment("journal-prod", "journal.example.com", "letsencrypt", 10,
                3, 10, 2, 3, Size.mebibytes(256), Size.gibibytes(10)));
    }

    private static void write(String folder, Environment environment) {
        App app = new App(AppProps.builder().outdir(folder).build());
        journal(app, environment);
        app.synth();
    }

    private static void journal(App app, Environment environment) {
        namespace(app, environment.namespace());

        Chart data = component(app, "redis", environment);
        Redis redis = Redis.Builder.create(data, "Default")
                .replicas(environment.redisReplicas())
                .maxMemory(environment.redisMemory())
                .storage(environment.redisStorage())
                .password(SecretKeyRef.builder()
                        .secret(VersionedSecret.Builder.create(data, "redis-passwd").version("v1").build())
                        .key("passwd")
                        .build())
                .build();

        Chart api = component(app, "frontend", environment);
        VersionedConfigMap config = VersionedConfigMap.Builder.create(api, "config")
                .name("frontend")
                .data(Map.of("journal.json", "{\"entriesPerPage\":" + environment.entriesPerPage() + "}"))
                .build();
        WebService frontend = WebService.Builder.create(api, "Default")
                .image("ghcr.io/example/journal-server:1.4.2")
                .port(8080)
                .resources(Resources.of(ResourcesOptions.builder()
                        .cpu(Cpu.millis(500))
                        .memory(Size.gibibytes(1))
                        .build()))
                .readiness(Probe.httpGet("/readyz"))
                .liveness(Probe.httpGet("/healthz"))
                .autoscaling(Autoscaling.onCpu(AutoscalingTarget.builder()
                        .min(environment.frontendMin())
                        .max(environment.frontendMax())
                        .target(80)
                        .build()))
                .build();
        frontend.mount("/etc/journal", config);
        frontend.connectTo(redis);

        StaticSite site = StaticSite.Builder.create(component(app, "site", environment), "Default")
                .image("ghcr.io/example/journal-site:1.4.2")
                .replicas(environment.siteReplicas())
                .build();

        HttpRouting.Builder.create(component(app, "routing", environment), "Default")
                .host(environment.host())
                .tls(Tls.certManager(CertManagerOptions.builder().clusterIssuer(environment.clusterIssuer()).build()))
                .authentication(Authentication.byApp())
                .controller(IngressController.inNamespace("traefik",
                        IngressControllerPodOptions.builder().className("traefik").build()))
                .routes(List.of(
                        HttpRoute.builder().path("/api").backend(frontend).build(),
                        HttpRoute.builder().path("/").backend(site).build()))
                .build();
    }

    private static Chart component(App app, String id, Environment environment) {
        return new Chart(app, id, ChartProps.builder()
                .namespace(environment.namespace())
                .labels(Map.of("app.kubernetes.io/part-of", "journal"))
                .build());
    }

    /** The namespace: it admits only pods that meet Pod Security restricted. Its own chart, so that it comes first. */
    private static void namespace(App app, String name) {
        ApiObject.Builder.create(new Chart(app, "00-namespace"), "Resource")
                .apiVersion("v1")
                .kind("Namespace")
                .metadata(ApiObjectMetadata.builder()
                        .name(name)
                        .labels(Map.of(
                                "pod-security.kubernetes.io/enforce", "restricted",
                                "pod-security.kubernetes.io/warn", "restricted"))
                        .build())
                .build();
    }
}
