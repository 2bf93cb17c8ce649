using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Rlaif.Mutation;

// Draws mutants of one folder of the library, runs the folder's tests against each, and writes a line a mutant. See docs/mutation.md.
// --count 250      how many       --at AdamW.cs:41,TextScaler.cs   only mutants of those places
// --seed 1         which          --then Rlaif.Tests.XTests        classes that survivors meet too
// --minutes 30     draws no more  --out rewards.tsv                what it holds already is not run again,
// --lanes 2        at a time      --retry Survived                 unless it has this verdict
string folder = args[0];
int count = int.Parse(Option("count", "100"), CultureInfo.InvariantCulture);
string seed = Option("seed", "1");
int lanes = int.Parse(Option("lanes", "1"), CultureInfo.InvariantCulture);
string report = Path.GetFullPath(Option("out", $"mutation-{folder}.tsv"));
TimeSpan limit = TimeSpan.FromMinutes(int.Parse(Option("minutes", "600"), CultureInfo.InvariantCulture));
string[] places = Option("at", "").Split(',', StringSplitOptions.RemoveEmptyEntries);
string[] then = Option("then", "").Split(',', StringSplitOptions.RemoveEmptyEntries);
string? retry = Option("retry", "") is { Length: > 0 } verdict ? verdict : null;

string root = Path.GetFullPath(Path.Combine(SourceFolder(), "..", ".."));
using (
    Process build = Process.Start("dotnet", ["build", "-c", "Release", "-v", "quiet", Path.Combine(root, "tests", "Rlaif.Tests")])
)
{
    build.WaitForExit();
    if (build.ExitCode != 0)
    {
        return build.ExitCode;
    }
}

var compiler = new LibraryCompiler(root);
string source = Path.Combine(root, "src", "Rlaif", folder) + Path.DirectorySeparatorChar;
Mutant[] all =
[
    .. compiler.Files.Where(f => f.FilePath.StartsWith(source, StringComparison.Ordinal)).SelectMany(MutantFinder.In),
];

// The order is drawn from what a mutant is, so that a change of one file does not draw others elsewhere.
Mutant[] drawn =
[
    .. all.DistinctBy(Name)
        .Where(m => places.Length == 0 || Array.Exists(places, p => Name(m).Contains(p, StringComparison.Ordinal)))
        .OrderBy(m => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}|{Name(m)}"))), StringComparer.Ordinal),
];
Console.WriteLine($"{folder}: {drawn.Length} changes found.");

var arenas = new ConcurrentBag<TestArena>();
for (int i = 0; i < lanes; i++)
{
    arenas.Add(new TestArena(Path.Combine(root, "artifacts", "bin", "Rlaif.Tests", "release")));
}

(string[] Classes, TimeSpan Limit)[] rounds = Rounds();
var done = new ConcurrentDictionary<string, string[]>(StringComparer.Ordinal);
foreach (string[] line in File.Exists(report) ? File.ReadLines(report).Select(l => l.Split('\t')) : [])
{
    done[line[1]] = line;
}

List<Mutant> sample = [];
var since = Stopwatch.StartNew();
object gate = new();
Parallel.ForEach(
    Partitioner.Create(Open(), EnumerablePartitionerOptions.NoBuffering),
    new ParallelOptions { MaxDegreeOfParallelism = lanes },
    mutant =>
    {
        var clock = Stopwatch.StartNew();
        arenas.TryTake(out TestArena? arena);
        compiler.Write(mutant, arena!.Library);
        TestVerdict result = new(Verdict.Survived, "");
        foreach ((string[] classes, TimeSpan limit) in rounds)
        {
            result = result.Verdict == Verdict.Survived ? arena.Run(classes, limit) : result;
        }

        arenas.Add(arena);
        lock (gate)
        {
            done[Name(mutant)] = [$"{result.Verdict}", Name(mutant), mutant.Kind, result.By];
            File.WriteAllLines(report, done.Values.Select(l => string.Join('\t', l)));
            Console.WriteLine($"{clock.Elapsed.TotalSeconds:F0} s  {string.Join('\t', done[Name(mutant)])}");
        }
    }
);
foreach (TestArena arena in arenas)
{
    arena.Dispose();
}

string[] verdicts = [.. sample.Select(m => done[Name(m)][0])];
int survived = verdicts.Count(v => v == nameof(Verdict.Survived));
(double low, double high) = Wilson(verdicts.Length - survived, verdicts.Length);
Console.WriteLine(
    $"{folder}: {verdicts.Length} mutants of {drawn.Length} changes; {verdicts.Count(v => v == nameof(Verdict.Killed))} killed, "
        + $"{verdicts.Count(v => v == nameof(Verdict.TimedOut))} timed out, {survived} survived: "
        + $"{(double)(verdicts.Length - survived) / verdicts.Length:P1} found, 95% interval {low:P1} to {high:P1}."
);
return 0;

// What does not compile is no mistake that anyone could make; when time is up nothing more is drawn.
IEnumerable<Mutant> Open()
{
    foreach (Mutant mutant in drawn)
    {
        if (sample.Count == count || since.Elapsed > limit)
        {
            yield break;
        }

        bool isDone = done.TryGetValue(Name(mutant), out string[]? line);
        if (isDone || compiler.Compiles(mutant))
        {
            sample.Add(mutant);
            if (!isDone || line![0] == retry)
            {
                yield return mutant;
            }
        }
    }
}

// The quick classes of the folder first, as most mutants fall there; then the rest; then the classes named.
(string[] Classes, TimeSpan Limit)[] Rounds()
{
    TestArena arena = arenas.First();
    compiler.Write(null, arena.Library);
    var found = new List<(string[], TimeSpan)>();
    foreach ((string[] classes, bool split) in new[] { (new[] { $"Rlaif.Tests.{folder}.*" }, true), (then, false) })
    {
        if (classes.Length == 0)
        {
            continue;
        }

        string results = Path.Combine(Path.GetDirectoryName(arena.Library)!, "baseline.xml");
        if (arena.Run(classes, TimeSpan.FromMinutes(30), results) is { Verdict: not Verdict.Survived } broken)
        {
            throw new InvalidOperationException($"The tests fail without a mutant: {broken.By}");
        }

        (string Class, double Seconds)[] times =
        [
            .. XDocument
                .Load(results)
                .Descendants("test")
                .GroupBy(t => (string)t.Attribute("type")!)
                .Select(g => (Class: g.Key, Seconds: g.Sum(t => (double)t.Attribute("time")!)))
                .OrderBy(c => c.Seconds),
        ];
        double quick = split ? 0.15 * times.Sum(t => t.Seconds) : 0;
        double sum = 0;
        foreach (var round in times.GroupBy(t => (sum += t.Seconds) <= quick))
        {
            found.Add(([.. round.Select(t => t.Class)], TimeSpan.FromSeconds(20 + (5 * round.Sum(t => t.Seconds)))));
        }
    }

    return [.. found];
}

string Name(Mutant mutant) => $"{mutant.Place(root)} {Line(mutant.Original)} => {Line(mutant.Change.NewText!)}";

static string Line(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

string Option(string name, string otherwise) => Array.IndexOf(args, $"--{name}") is > 0 and int at ? args[at + 1] : otherwise;

static (double Low, double High) Wilson(int hits, int total)
{
    const double z = 1.96;
    double share = (double)hits / total;
    double middle = share + (z * z / (2 * total));
    double half = z * Math.Sqrt((share * (1 - share) / total) + (z * z / (4.0 * total * total)));
    double scale = 1 + (z * z / total);
    return ((middle - half) / scale, (middle + half) / scale);
}

static string SourceFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
