import { GITOPS } from './data/gitops';
import { tryReports } from './report';

tryReports(GITOPS);
