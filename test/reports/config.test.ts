import { CONFIG } from './data/config';
import { tryReports } from './report';

tryReports(CONFIG);
