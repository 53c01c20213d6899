import { join, relative } from 'node:path';
import { App, Diagram, Inventory } from 'cdk8s-best-practices';
import { Boutique, type BoutiqueProps } from './chart';

export const boutique: BoutiqueProps = {
  namespace: 'boutique',
  host: 'boutique.example.com',
  clusterIssuer: 'letsencrypt',
  images: 'us-central1-docker.pkg.dev/online-boutique-ci/microservices-demo',
  version: 'v0.10.6',
};

/** Writes the YAML, and prints what is in it. */
export function synthesize(output: string, props: BoutiqueProps): void {
  const app = new App({ outdir: output });
  new Boutique(app, props);
  app.synth();
  Diagram.of(app).writeTo(join(output, 'diagram.html'), { title: 'Online Boutique' });
  console.log(Inventory.of(app).toText());
  const shown = relative(process.cwd(), output);
  console.log(`Next: kubectl diff --server-side -f ${shown}; kubectl apply --server-side -f ${shown}\n`);
}

if (require.main === module) synthesize(join(__dirname, 'dist'), boutique);
