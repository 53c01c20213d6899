import { join, relative } from 'node:path';
import { App, Diagram, Inventory } from 'cdk8s-best-practices';
import { SockShop, type SockShopProps } from './chart';

export const sockShop: SockShopProps = {
  namespace: 'sock-shop',
  host: 'socks.example.com',
  clusterIssuer: 'letsencrypt',
};

/** Writes the YAML, and prints what is in it. */
export function synthesize(output: string, props: SockShopProps): void {
  const app = new App({ outdir: output });
  new SockShop(app, props);
  app.synth();
  Diagram.of(app).writeTo(join(output, 'diagram.html'), { title: 'Sock Shop' });
  console.log(Inventory.of(app).toText());
  const shown = relative(process.cwd(), output);
  console.log(`Next: kubectl diff --server-side -f ${shown}; kubectl apply --server-side -f ${shown}\n`);
}

if (require.main === module) synthesize(join(__dirname, 'dist'), sockShop);
