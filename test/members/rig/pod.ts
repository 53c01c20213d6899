import { chownSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Block, NAMESPACE } from './block';
import { Kubelet } from './kubelet';
import type { Network } from './network';

export interface PodSettings {
  readonly block: Block;
  readonly ordinal: number;
  /** Folder that the pod gets; it must not exist. */
  readonly folder: string;
  /** Folder with the files of the ConfigMap. */
  readonly scripts: string;
  /** Folder of the claim. */
  readonly claim: string;
  readonly network: Network;
  readonly address: string;
  /** Contents of a Secret. */
  readonly secret: (name: string) => string;
  readonly log: string;
}

/**
 * One life of a member: an address, a runtime folder that its containers share, and Secrets as they were at its start.
 */
export class Pod {
  public static async start({
    block,
    ordinal,
    folder,
    scripts,
    claim,
    network,
    address,
    secret,
    log,
  }: PodSettings): Promise<Pod> {
    const { uid } = block;
    for (const name of ['', 'root', 'runtime', 'secrets']) mkdirSync(join(folder, name));
    chownSync(join(folder, 'runtime'), uid, uid);
    symlinkSync(scripts, join(folder, 'scripts'));
    symlinkSync(claim, join(folder, 'data'));
    for (const [name, source] of Object.entries(block.secrets)) {
      mkdirSync(join(folder, 'secrets', name));
      writeFileSync(join(folder, 'secrets', name, 'password'), secret(source), { mode: 0o440 });
      chownSync(join(folder, 'secrets', name, 'password'), 0, uid);
    }
    writeFileSync(
      join(folder, 'resolv.conf'),
      [
        `search ${NAMESPACE}.svc.cluster.local svc.cluster.local cluster.local`,
        `nameserver ${network.gateway}`,
        `options ${['ndots:5', ...block.resolver].join(' ')}`,
        '',
      ].join('\n'),
    );
    const plugged = await network.plug(ordinal, address);
    const kubelet = new Kubelet(
      { folder, name: `${block.name}-${ordinal}`, network: plugged, uid, command: block.command, log },
      block,
    );
    return new Pod(folder, network, ordinal, address, kubelet);
  }

  private constructor(
    private readonly folder: string,
    private readonly network: Network,
    private readonly ordinal: number,
    public readonly address: string,
    public readonly kubelet: Kubelet,
  ) {}

  public async stop(graceSeconds: number): Promise<void> {
    await this.kubelet.stop(graceSeconds);
    await this.network.unplug(this.ordinal);
    rmSync(this.folder, { recursive: true });
  }
}
