// The page loads uPlot from its own origin, where the build puts the package's file; the types are the package's.
import uPlot from 'uplot';
export default uPlot;
