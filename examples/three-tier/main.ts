import { join, relative } from 'node:path';
import { App, Diagram, Inventory } from 'cdk8s-best-practices';
import { ThreeTier, type ThreeTierProps } from './chart';

export const shop: ThreeTierProps = {
  namespace: 'shop',
  host: 'shop.example.com',
  clusterIssuer: 'letsencrypt',
  images: {
    shop: 'ghcr.io/example/shop:2.3.0',
    orders: 'ghcr.io/example/shop-orders:2.3.0',
    catalog: 'ghcr.io/example/shop-catalog:2.3.0',
  },
};

/** Writes the YAML, and prints what is in it and who may reach whom. */
export function synthesize(output: string, props: ThreeTierProps): void {
  const app = new App({ outdir: output });
  const { tiers } = new ThreeTier(app, props);
  app.synth();
  Diagram.of(app).writeTo(join(output, 'diagram.html'), { title: 'Shop' });
  console.log(Inventory.of(app).toText());
  console.log(tiers.toText());
  const shown = relative(process.cwd(), output);
  console.log(`Next: kubectl diff --server-side -f ${shown}; kubectl apply --server-side -f ${shown}\n`);
}

if (require.main === module) synthesize(join(__dirname, 'dist'), shop);
