namespace Rlaif.Data;

/// <summary>Turns named files and folders into the list of files to read, in a stable order.</summary>
internal static class ImportPaths
{
    private static readonly string[] Extensions = [".csv", ".csv.gz", ".txt", ".txt.gz", ".tsv", ".tsv.gz"];

    /// <summary>Expands folders (with all below them). What in them is no CSV becomes a problem.</summary>
    /// <exception cref="RlaifInputException">A path does not exist; all such are named.</exception>
    internal static List<string> Expand(IReadOnlyList<string> paths, List<ImportProblem> problems) =>
        Expand(paths, Extensions, "CSV and CSV.GZ are read", problems);

    /// <summary>Expands folders (with all below them). What in them has none of the extensions becomes a problem with the rule.</summary>
    /// <exception cref="RlaifInputException">A path does not exist; all such are named.</exception>
    internal static List<string> Expand(
        IReadOnlyList<string> paths,
        string[] extensions,
        string rule,
        List<ImportProblem> problems
    )
    {
        string[] missing = [.. paths.Where(p => !File.Exists(p) && !Directory.Exists(p))];
        if (missing.Length > 0 || paths.Count == 0)
        {
            throw new RlaifInputException(
                paths.Count == 0 ? "Name at least one file or folder." : $"No such file or folder: {string.Join(", ", missing)}."
            );
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        var files = new List<string>();
        foreach (string path in paths)
        {
            IEnumerable<string> found = Directory.Exists(path) ? InFolder(path, extensions, rule, problems) : [path];
            files.AddRange(found.Where(f => seen.Add(Path.GetFullPath(f))));
        }

        return files;
    }

    private static List<string> InFolder(string folder, string[] extensions, string rule, List<ImportProblem> problems)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = false };
        var files = new List<string>();
        foreach (
            string file in Directory
                .EnumerateFiles(folder, "*", options)
                .Where(f => !Path.GetFileName(f).StartsWith('.'))
                .Order(StringComparer.Ordinal)
        )
        {
            if (extensions.Any(e => file.EndsWith(e, StringComparison.OrdinalIgnoreCase)))
            {
                files.Add(file);
            }
            else
            {
                problems.Add(new ImportProblem(file, null, null, null, $"was skipped: {rule}"));
            }
        }

        return files;
    }
}
