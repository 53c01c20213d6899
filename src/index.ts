import './rules/install';
export { AccessGrant, type AccessGrantProps } from './access/access-grant';
export { type AccessExpectation, AccessReview } from './ops/access-review';
export { AccessRole, type AccessRule } from './access/access-role';
export { Subject } from './access/subject';
export { UserCertificate, type UserCertificateOptions } from './ops/user-certificate';
export type { ClusterStorage, ClusterStorageClass } from './cluster/cluster-storage';
export { ClusterDns, type DnsPodOptions } from './cluster/cluster-dns';
export {
  ClusterProfile,
  type ClusterProfileProps,
  type GatewayApi,
  type NodeAllocatable,
  type NodeFeatures,
} from './cluster/cluster-profile';
export { App } from './synth/app';
export { ConfigMapRef } from './config/config-map-ref';
export { EnvSource, type EnvSourceOptions, type ResourceEnvOptions } from './config/env-source';
export { SecretRef } from './config/secret-ref';
export { VersionedConfigMap } from './config/versioned-config-map';
export type { Reload, VersionedConfigMapProps } from './config/versioned-config-map-props';
export { VersionedSecret, type VersionedSecretProps } from './config/versioned-secret';
export {
  type AwsCsiOptions,
  type AwsSecretService,
  type AzureCsiOptions,
  CsiProvider,
  type GcpCsiOptions,
  type VaultCsiOptions,
} from './secret-stores/csi-provider';
export {
  type CsiSecretOptions,
  type ExternalSecretOptions,
  type RemoteKey,
  type SealedScope,
  type SealedSecretOptions,
  SecretSource,
} from './secret-stores/secret-source';
export { SecretStore, type SecretStoreProps } from './secret-stores/secret-store';
export { type ISecretStoreRef, SecretStoreRef } from './secret-stores/secret-store-ref';
export {
  type AwsStoreOptions,
  type AzureStoreOptions,
  type GcpStoreOptions,
  StoreProvider,
  type VaultStoreOptions,
} from './secret-stores/store-provider';
export type {
  IConfigMapRef,
  IEnvFromSource,
  IEnvSource,
  INetworkPolicyPeer,
  ISecretRef,
  ISubject,
  IVolumeSource,
  SecretKeyRef,
  SubjectConfiguration,
} from './interop/references';
export { AccessMode } from './kubernetes/access-mode';
export { Cpu, type ICpu } from './kubernetes/cpu';
export type { ClaimClassProps } from './pod/claim-class';
export { ClaimSource } from './storage/claim-source';
export { StaticVolume, type StaticVolumeProps } from './storage/static-volume';
export { StorageClass, type StorageClassProps } from './storage/storage-class';
export { type CsiVolumeOptions, type LocalDiskOptions, type NfsOptions, VolumeBackend } from './storage/volume-backend';
export { VolumeClaim, type VolumeClaimProps } from './storage/volume-claim';
export { VolumeSnapshot, type VolumeSnapshotProps } from './storage/volume-snapshot';
export { VolumeSnapshotClass, type VolumeSnapshotClassProps } from './storage/volume-snapshot-class';
export { ExposedService } from './traffic/exposure/exposed-service';
export type { ExposedPort, ExposedServiceProps, IExposable } from './traffic/exposure/exposed-service-props';
export {
  type ClusterSetOptions,
  Exposure,
  type ExposureOptions,
  type LoadBalancerOptions,
} from './traffic/exposure/exposure';
export {
  type AwsLoadBalancerOptions,
  type AzureLoadBalancerOptions,
  type GcpLoadBalancerOptions,
  LoadBalancerProvider,
  type MetalLbOptions,
  type OtherLoadBalancerOptions,
} from './traffic/exposure/load-balancer-provider';
export type { ConnectivityCheckOptions } from './traffic/external/connectivity-check';
export { DnsForwarding, type DnsForwardingProps } from './ops/dns-forwarding';
export { EndpointSyncer, type EndpointSyncerProps } from './traffic/external/endpoint-syncer';
export { ExportedService } from './traffic/external/exported-service';
export { ExternalService } from './traffic/external/external-service';
export type { ExternalServiceBaseProps, ExternalServiceProps } from './traffic/external/external-service-props';
export { type DnsTargetOptions, ExternalTarget } from './traffic/external/external-target';
export { ImportedService, type ImportedServiceProps } from './traffic/external/imported-service';
export { type CiliumEgressOptions, NameEgress } from './traffic/external/name-egress';
export { DeveloperNamespace, type DeveloperNamespaceProps } from './tenancy/developer-namespace';
export { ExistingNamespace, type ExistingNamespaceProps } from './tenancy/existing-namespace';
export type { ContainerAmounts, LimitRangeOptions, LimitRatios } from './tenancy/limit-range';
export {
  type ObjectCounts,
  Quota,
  type QuotaOptions,
  type StorageClassQuota,
  type UnlimitedCpuQuotaOptions,
} from './tenancy/quota';
export type { TeamNamespaceProps } from './tenancy/team-namespace-props';
export { TenantNamespace, type TenantNamespaceProps } from './tenancy/tenant-namespace';
export type { AllowOptions, Connection, IConnectionClient, IConnectionTarget } from './network/connection';
export type { ConnectOptions } from './workload/connect-options';
export { Wait, type WaitOptions } from './pod/wait';
export { type CidrEgressOptions, Egress, type EgressOptions } from './network/egress';
export { type CidrPeerOptions, type IPeer, Peer, type PodPeerOptions } from './network/peer';
export type { ContainerBaseProps, InitContainerProps, ProbedContainerProps, SidecarProps } from './pod/container';
export type { NodeFeatureProps } from './pod/node-features';
export type { NodeHoldProps } from './pod/node-hold';
export type { PlacementProps } from './pod/placement';
export { AppProtocol } from './network/app-protocol';
export type { NamedPort } from './network/ports';
export { type ExecHookOptions, type HookedContainerProps, type HttpHookOptions, PreStop } from './pod/pre-stop';
export type { HttpRequestOptions } from './pod/handler';
export {
  type GrpcProbeOptions,
  type HeartbeatOptions,
  type HttpProbeOptions,
  type PortProbeOptions,
  Probe,
  type ProbeTiming,
} from './pod/probe';
export { DeviceRequest, type DeviceRequestOptions } from './pod/device-request';
export { PodResources, type PodResourcesOptions } from './pod/pod-resources';
export {
  type ResizeOptions,
  Resources,
  type ResourcesOptions,
  type SharedResourcesOptions,
  type UnlimitedCpuOptions,
} from './pod/resources';
export { type ApplySidecarOptions, type ExporterOptions, type LogTailOptions, Sidecar } from './pod/sidecar';
export { type EmptyDirOptions, type ImageVolumeOptions, Volume } from './pod/volume';
export type { MountOptions } from './pod/volumes';
export {
  type ExceptionOptions,
  type HostPathOptions,
  PrivilegedException,
} from './blocks/privileged/privileged-exception';
export type { AgentProps } from './blocks/privileged/agent-workload';
export { NodeAgent, type NodeAgentProps } from './blocks/privileged/node-agent';
export { PrivilegedWorkload, type PrivilegedWorkloadProps } from './blocks/privileged/privileged-workload';
export { NamespaceReaper, type NamespaceReaperProps } from './blocks/reaper/namespace-reaper';
export { Redis } from './blocks/redis/redis';
export { RedisCache } from './blocks/redis/redis-cache';
export type { RedisCacheProps } from './blocks/redis/redis-cache-props';
export type { RedisProps } from './blocks/redis/redis-props';
export { AppView, AppObject, type AppConnection, type AppNamespace, type AppWorkload } from './own-rules/app-view';
export { type IRule, Rules, type Violation } from './own-rules/rules';
export { Diagram, type DiagramOptions } from './report/diagram/diagram';
export { type FindingFormatOptions, FindingFormat, Findings } from './report/findings';
export { Severity } from './catalogue/rule';
export type { Finding, Waiver } from './kernel/findings/finding';
export { SynthesisError } from './kernel/findings/synthesis-error';
export { findingsOf } from './synth/examine';
export {
  type DeclaredConnection,
  Inventory,
  type InventoryObject,
  type InventoryWarning,
  type InventoryWorkload,
  type RequiredSecret,
} from './report/inventory';
export {
  type ClusterRequirement,
  ClusterRequirements,
  type RequirementScriptOptions,
} from './requirements/cluster-requirements';
export type { IRouteBackend } from './network/backend';
export { Authentication, type ForwardAuthOptions } from './traffic/routing/authentication';
export { Gateway } from './traffic/routing/gateway';
export {
  type ExistingGateway,
  GatewayController,
  type GatewayControllerOptions,
  type GatewayControllerPodOptions,
} from './traffic/routing/gateway-controller';
export type { GatewayListener, GatewayProps } from './traffic/routing/gateway-props';
export { HttpRouting } from './traffic/routing/http-routing';
export type {
  Cors,
  HeaderChanges,
  HttpRoute,
  HttpRoutingProps,
  RouteMirror,
  SplitBackend,
} from './traffic/routing/http-routing-props';
export {
  IngressController,
  type IngressControllerOptions,
  type IngressControllerPodOptions,
} from './traffic/routing/ingress-controller';
export type { IRouteController } from './traffic/routing/route-controller';
export { type CertManagerOptions, Tls } from './traffic/routing/tls';
export { TlsRoute, type TlsRouteProps } from './traffic/routing/tls-route';
export {
  Autoscaling,
  type AutoscalingBounds,
  type AutoscalingOptions,
  type AutoscalingTarget,
} from './parts/autoscaling';
export type { EventScalingOptions, ScalingFallback } from './parts/events/event-scaling-options';
export {
  type CronTrigger,
  type CustomTrigger,
  type KafkaTrigger,
  type PrometheusTrigger,
  type RabbitMqTrigger,
  type RedisListTrigger,
  type RedisStreamTrigger,
  type RedisTriggerOptions,
  ScalingTrigger,
  type ServerTriggerOptions,
  type SqsTrigger,
  type UtilizationTrigger,
} from './parts/events/scaling-trigger';
export { TriggerAuthentication, type TriggerIdentityOptions } from './parts/events/trigger-authentication';
export {
  type ExternalMetricOptions,
  type ObjectMetricOptions,
  type PodsMetricOptions,
  ScalingMetric,
  type ScalingObject,
} from './parts/scaling-metric';
export {
  type ScalingDirection,
  ScalingPace,
  type ScalingPaceOptions,
  type ScalingStep,
  type SlowStarterOptions,
} from './parts/pace/scaling-pace';
export {
  type VerticalAmounts,
  VerticalAutoscaling,
  type VerticalAutoscalingOptions,
  type VerticalUpdateOptions,
} from './parts/vertical-autoscaling';
export { DisruptionBudget } from './parts/disruption-budget';
export type { NodeDevices } from './scheduling/node-devices';
export { NodePool, type NodePoolOptions, type ReservedNodePoolOptions } from './scheduling/node-pool';
export { PriorityClass, type PriorityClassProps } from './scheduling/priority-class';
export { RuntimeClass, type RuntimeClassProps, type RuntimeOverhead } from './scheduling/runtime-class';
export type { Toleration } from './scheduling/toleration';
export { StaticSite, type StaticSiteProps } from './blocks/static-site';
export { type ManifestQuery, Manifests, type PodSecurityOptions, type ReachOptions } from './testing/manifests';
export { Capture, Match } from './testing/match';
export { type IstioOptions, Mesh } from './network/tiers/mesh';
export { NetworkTiers } from './network/tiers/network-tiers';
export type {
  NetworkTier,
  NetworkTiersProps,
  ScrapeOptions,
  TierConnection,
  TierExceptionOptions,
  TierMemberOptions,
} from './network/tiers/network-tiers-props';
export type { RestartInPlaceOptions, RunProps, SuccessRule } from './controllers/run-props';
export type { ScheduleProps } from './controllers/cron-job';
export type { DaemonSetProps } from './controllers/daemon-set';
export type { DeploymentProps } from './controllers/deployment';
export type { ReplicasProps } from './parts/replicas';
export { Job, type JobProps } from './blocks/job';
export { Rollout, type RollingOptions } from './controllers/rollout';
export { ScheduledJob, type ScheduledJobProps } from './blocks/scheduled-job';
export type { ServiceOptions } from './parts/service';
export { WorkloadServiceAccount } from './parts/service-account';
export type { ClaimRetention, MemberRollout, StatefulSetProps } from './controllers/stateful-set';
export type { MemberClaim } from './workload/member-claims';
export type { ServedContainerProps } from './workload/served-container';
export { StatefulService, type StatefulServiceProps } from './blocks/stateful-service';
export { WebService, type WebServiceProps } from './blocks/web-service';
export { SingletonWorker, type SingletonWorkerProps } from './blocks/singleton-worker';
export { Worker, type WorkerProps } from './blocks/worker';
export type { WorkerProcessProps } from './blocks/worker-process';
export type { EnvFromOptions, EnvOptions } from './workload/environment';
export {
  type AwsIdentityOptions,
  type AzureIdentityOptions,
  type GcpIdentityOptions,
  WorkloadIdentity,
} from './access/workload-identity';
export type { PodWorkloadProps, WorkloadProps } from './workload/workload-props';
export { OwnPods, type OwnPodsProps } from './own-blocks/own-pods';
