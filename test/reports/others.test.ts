import { OTHERS } from './data/others';
import { tryReports } from './report';

tryReports(OTHERS);
