// The journal service: frontend, replicated Redis, static files and one host for all, each component a chart.
// Writes the YAML of all environments into the folder that is named, by default dist.
package main

import (
	"encoding/json"
	"os"
	"path/filepath"

	"github.com/aws/jsii-runtime-go"
	bp "github.com/cdk8s-best-practices/cdk8s-best-practices-go/cdk8sbestpractices"
	"github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2"
)

// environment is all that may differ between environments, so that nothing else can.
type environment struct {
	namespace, host, clusterIssuer string
	entriesPerPage                 int
	frontendMin, frontendMax       float64
	siteReplicas, redisReplicas    float64
	redisMemory, redisStorage      cdk8s.Size
}

func environments() map[string]environment {
	return map[string]environment{
		"dev": {
			namespace: "journal-dev", host: "journal.dev.example.com", clusterIssuer: "letsencrypt-staging",
			entriesPerPage: 10, frontendMin: 2, frontendMax: 3, siteReplicas: 1, redisReplicas: 1,
			redisMemory:  cdk8s.Size_Mebibytes(jsii.Number(64)),
			redisStorage: cdk8s.Size_Gibibytes(jsii.Number(1)),
		},
		"prod": {
			namespace: "journal-prod", host: "journal.example.com", clusterIssuer: "letsencrypt",
			entriesPerPage: 10, frontendMin: 3, frontendMax: 10, siteReplicas: 2, redisReplicas: 3,
			redisMemory:  cdk8s.Size_Mebibytes(jsii.Number(256)),
			redisStorage: cdk8s.Size_Gibibytes(jsii.Number(10)),
		},
	}
}

// namespace admits only pods that meet Pod Security restricted. Its own chart, so that it is applied first.
func namespace(app bp.App, name string) {
	chart := cdk8s.NewChart(app, jsii.String("00-namespace"), nil)
	cdk8s.NewApiObject(chart, jsii.String("Resource"), &cdk8s.ApiObjectProps{
		ApiVersion: jsii.String("v1"),
		Kind:       jsii.String("Namespace"),
		Metadata: &cdk8s.ApiObjectMetadata{
			Name: jsii.String(name),
			Labels: &map[string]*string{
				"pod-security.kubernetes.io/enforce": jsii.String("restricted"),
				"pod-security.kubernetes.io/warn":    jsii.String("restricted"),
			},
		},
	})
}

func journal(app bp.App, env environment) {
	component := func(id string) cdk8s.Chart {
		return cdk8s.NewChart(app, jsii.String(id), &cdk8s.ChartProps{
			Namespace: jsii.String(env.namespace),
			Labels:    &map[string]*string{"app.kubernetes.io/part-of": jsii.String("journal")},
		})
	}
	namespace(app, env.namespace)

	data := component("redis")
	redis := bp.NewRedis(data, jsii.String("Default"), &bp.RedisProps{
		Replicas:  jsii.Number(env.redisReplicas),
		MaxMemory: env.redisMemory,
		Storage:   env.redisStorage,
		Password: &bp.SecretKeyRef{
			Secret: bp.NewVersionedSecret(data, jsii.String("redis-passwd"), &bp.VersionedSecretProps{
				Version: jsii.String("v1"),
			}),
			Key: jsii.String("passwd"),
		},
	})

	settings, err := json.Marshal(map[string]int{"entriesPerPage": env.entriesPerPage})
	if err != nil {
		panic(err)
	}
	api := component("frontend")
	config := bp.NewVersionedConfigMap(api, jsii.String("config"), &bp.VersionedConfigMapProps{
		Name: jsii.String("frontend"),
		Data: &map[string]*string{"journal.json": jsii.String(string(settings))},
	})
	frontend := bp.NewWebService(api, jsii.String("Default"), &bp.WebServiceProps{
		Image: jsii.String("ghcr.io/example/journal-server:1.4.2"),
		Port:  jsii.Number(8080),
		Resources: bp.Resources_Of(&bp.ResourcesOptions{
			Cpu:    bp.Cpu_Millis(jsii.Number(500)),
			Memory: cdk8s.Size_Gibibytes(jsii.Number(1)),
		}),
		Readiness: bp.Probe_HttpGet(jsii.String("/readyz"), nil),
		Liveness:  bp.Probe_HttpGet(jsii.String("/healthz"), nil),
		Autoscaling: bp.Autoscaling_OnCpu(&bp.AutoscalingTarget{
			Min:    jsii.Number(env.frontendMin),
			Max:    jsii.Number(env.frontendMax),
			Target: jsii.Number(80),
		}),
	})
	frontend.Mount(jsii.String("/etc/journal"), config, nil)
	frontend.ConnectTo(redis, nil)

	site := bp.NewStaticSite(component("site"), jsii.String("Default"), &bp.StaticSiteProps{
		Image:    jsii.String("ghcr.io/example/journal-site:1.4.2"),
		Replicas: jsii.Number(env.siteReplicas),
	})

	bp.NewHttpRouting(component("routing"), jsii.String("Default"), &bp.HttpRoutingProps{
		Host: jsii.String(env.host),
		Tls:  bp.Tls_CertManager(&bp.CertManagerOptions{ClusterIssuer: jsii.String(env.clusterIssuer)}),
		Authentication: bp.Authentication_ByApp(),
		Controller: bp.IngressController_InNamespace(jsii.String("traefik"), &bp.IngressControllerPodOptions{
			ClassName: jsii.String("traefik"),
		}),
		Routes: &[]*bp.HttpRoute{
			{Path: jsii.String("/api"), Backend: frontend},
			{Path: jsii.String("/"), Backend: site},
		},
	})
}

func main() {
	defer jsii.Close()
	output := "dist"
	if len(os.Args) > 1 {
		output = os.Args[1]
	}
	for name, env := range environments() {
		app := bp.NewApp(&cdk8s.AppProps{Outdir: jsii.String(filepath.Join(output, name))})
		journal(app, env)
		app.Synth()
	}
}
