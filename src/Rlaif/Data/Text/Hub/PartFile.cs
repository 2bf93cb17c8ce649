using System.Net.Http.Headers;

namespace Rlaif.Data.Text.Hub;

/// <summary>
/// A file on its way: the part that has come (<c>FILE.part</c>) or the whole (<c>FILE</c>), and the server's tag of the version that it is of
/// (<c>FILE.etag</c>), by which it is gone on with another time.
/// </summary>
internal sealed class PartFile(string target)
{
    private readonly string _part = $"{target}.part";
    private readonly string _tag = TagOf(target);

    /// <summary>Whether all of it has come.</summary>
    public bool IsWhole => File.Exists(target);

    /// <summary>Bytes that have come.</summary>
    public long Length => new FileInfo(IsWhole ? target : _part) is { Exists: true, Length: var length } ? length : 0;

    /// <summary>The version; null when the server has not named it, and then it cannot be gone on with.</summary>
    public EntityTagHeaderValue? Tag =>
        File.Exists(_tag) && EntityTagHeaderValue.TryParse(File.ReadAllText(_tag), out EntityTagHeaderValue? tag) ? tag : null;

    /// <summary>Where the tag of a file is.</summary>
    public static string TagOf(string file) => $"{file}.etag";

    /// <summary>Starts with nothing. A weak tag does not stand for the same bytes and is not kept.</summary>
    public void Begin(EntityTagHeaderValue? tag)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        Delete();
        if (tag is { IsWeak: false })
        {
            File.WriteAllText(_tag, tag.ToString());
        }
    }

    /// <summary>Opens the part to write at its end.</summary>
    public FileStream Append() => new(_part, FileMode.Append, FileAccess.Write);

    /// <summary>Opens the whole, or what has come of it.</summary>
    public FileStream Read() => File.OpenRead(IsWhole ? target : _part);

    /// <summary>Throws it away.</summary>
    public void Delete()
    {
        foreach (string file in (string[])[target, _part, _tag])
        {
            File.Delete(file);
        }
    }

    /// <summary>Makes the part the whole.</summary>
    public void Finish()
    {
        if (!IsWhole)
        {
            File.Move(_part, target);
        }
    }
}
