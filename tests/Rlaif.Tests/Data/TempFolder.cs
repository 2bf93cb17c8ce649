using System.IO.Compression;

namespace Rlaif.Tests.Data;

/// <summary>A folder that lives as long as a test.</summary>
internal sealed class TempFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rlaif-tests-");

    public string Root => _folder.FullName;

    public string PathOf(string name) => Path.Combine(Root, name);

    /// <summary>Writes a file; a name that ends in .gz is compressed.</summary>
    public string Write(string name, string content)
    {
        string path = PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (!name.EndsWith(".gz", StringComparison.Ordinal))
        {
            File.WriteAllText(path, content);
            return path;
        }

        using var zip = new GZipStream(File.Create(path), CompressionLevel.Fastest);
        using var writer = new StreamWriter(zip);
        writer.Write(content);
        return path;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
