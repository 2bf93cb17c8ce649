namespace Rlaif.Tests;

/// <summary>Finds the reference data that lies beside a developer's checkout. Tests that need it are skipped where it is absent.</summary>
internal static class SharedData
{
    private static readonly string? Root = Find();

    /// <summary>The full path of a file or folder of the reference data; skips the calling test when there is none.</summary>
    public static string Require(string relativePath)
    {
        string? path = Root is null ? null : Path.Combine(Root, relativePath);
        bool exists = File.Exists(path) || Directory.Exists(path);
        Assert.SkipUnless(exists, $"Reference data '{relativePath}' is not beside this checkout.");
        return path!;
    }

    private static string? Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Rlaif.slnx")))
            {
                string data = Path.Combine(folder.Parent?.FullName ?? folder.FullName, "shared", "data");
                return Directory.Exists(data) ? data : null;
            }
        }

        return null;
    }
}
