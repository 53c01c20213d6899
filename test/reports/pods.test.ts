import { PODS } from './data/pods';
import { tryReports } from './report';

tryReports(PODS);
