import { JOBS } from './data/jobs';
import { tryReports } from './report';

tryReports(JOBS);
