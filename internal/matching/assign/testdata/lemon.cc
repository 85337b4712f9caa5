// The opponent of BenchmarkExplicit: LEMON's network simplex on the same
// problem. Reads workers, places, edges, the capacities and the edges as int64
// from the standard input; prints the optimum and the nanoseconds of solving.
#include <lemon/network_simplex.h>
#include <lemon/smart_graph.h>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <vector>

static int64_t next() {
  int64_t v;
  if (fread(&v, 8, 1, stdin) != 1) exit(2);
  return v;
}

int main() {
  using namespace lemon;
  typedef SmartDigraph G;
  int64_t workers = next(), places = next(), edges = next();
  std::vector<int64_t> seats(places), data(3 * edges);
  for (auto& s : seats) s = next();
  for (auto& d : data) d = next();
  auto start = std::chrono::steady_clock::now();
  G g;
  g.reserveNode(workers + places + 1);
  g.reserveArc(edges + places + workers);
  std::vector<G::Node> w(workers), p(places);
  for (auto& n : w) n = g.addNode();
  for (auto& n : p) n = g.addNode();
  G::Node sink = g.addNode();
  G::ArcMap<int64_t> cost(g), upper(g);
  G::NodeMap<int64_t> supply(g);
  for (int64_t e = 0; e < edges; e++) {
    G::Arc a = g.addArc(w[data[3 * e]], p[data[3 * e + 1]]);
    cost[a] = -data[3 * e + 2];
    upper[a] = 1;
  }
  for (int64_t j = 0; j < places; j++) upper[g.addArc(p[j], sink)] = seats[j];
  for (int64_t i = 0; i < workers; i++) {
    upper[g.addArc(w[i], sink)] = 1;
    supply[w[i]] = 1;
  }
  supply[sink] = -workers;
  NetworkSimplex<G, int64_t, int64_t> ns(g);
  ns.upperMap(upper).costMap(cost).supplyMap(supply);
  if (ns.run() != NetworkSimplex<G, int64_t, int64_t>::OPTIMAL) return 1;
  auto took = std::chrono::steady_clock::now() - start;
  printf("%lld %lld\n", (long long)-ns.totalCost(),
         (long long)std::chrono::duration_cast<std::chrono::nanoseconds>(took).count());
}
