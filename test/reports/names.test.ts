import { NAMES } from './data/names';
import { tryReports } from './report';

tryReports(NAMES);
