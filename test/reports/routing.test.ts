import { ROUTING } from './data/routing';
import { tryReports } from './report';

tryReports(ROUTING);
