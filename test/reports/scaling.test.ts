import { SCALING } from './data/scaling';
import { tryReports } from './report';

tryReports(SCALING);
