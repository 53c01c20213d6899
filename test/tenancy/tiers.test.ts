import { App } from 'cdk8s';
import { tenant } from './support';
import { NetworkTiers, WebService } from '../../src';
import { newChart, WEB } from '../support';

test('tiers can be in a tenant: its default deny and open DNS are no policies beside the declared edges', () => {
  const app = new App();
  const { name } = tenant(app);
  const chart = newChart(name, 'web', app);
  const tiers = new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'web', internetFacing: true }, { name: 'api' }] });
  const front = new WebService(chart, 'front', WEB);
  const api = new WebService(chart, 'api', WEB);
  tiers.add('web', front);
  tiers.add('api', api);
  front.connectTo(api);
  expect(() => app.synthYaml()).not.toThrow();
});
