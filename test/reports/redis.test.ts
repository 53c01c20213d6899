import { REDIS } from './data/redis';
import { tryReports } from './report';

tryReports(REDIS);
