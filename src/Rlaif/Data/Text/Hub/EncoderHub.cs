using System.Net;

namespace Rlaif.Data.Text.Hub;

/// <summary>
/// Pulls text encoders from a hub that serves files at <c>/OWNER/NAME/resolve/REVISION/FILE</c>, as Hugging Face and its mirrors do. An encoder
/// appears complete or not at all. Hashes that the server states are checked; the first download's are kept and demanded ever after.
/// </summary>
public sealed class EncoderHub
{
    /// <summary>Where encoders come from when nothing else is said.</summary>
    public const string DefaultBaseUrl = "https://huggingface.co";

    private const int BytesPerMegabyte = 1_000_000;

    private static readonly TimeSpan DefaultPatience = TimeSpan.FromSeconds(60);

    private readonly Uri _base;
    private readonly string _folder;
    private readonly TimeProvider _time;
    private readonly TimeSpan _patience;

    /// <summary>Makes a hub.</summary>
    /// <param name="baseUrl">Its address, http or https, without user or query.</param>
    /// <param name="folder">Where encoders are put, a folder each.</param>
    /// <param name="time">Measures waits; null for the system's clock.</param>
    /// <param name="patience">How long nothing may come before a try is given up; null for 60 seconds.</param>
    /// <exception cref="RlaifInputException">The address is not of this kind.</exception>
    public EncoderHub(string baseUrl, string folder, TimeProvider? time = null, TimeSpan? patience = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        bool isAddress = Uri.TryCreate(baseUrl, UriKind.Absolute, out Uri? address);
        _base =
            isAddress && address!.Scheme is "http" or "https" && address.UserInfo.Length == 0 && address.Query.Length == 0
                ? new Uri(address.AbsoluteUri.TrimEnd('/') + "/")
                : throw new RlaifInputException($"The hub's address is '{baseUrl}'; it must be http:// or https:// and a host.");
        _folder = Path.GetFullPath(folder);
        _time = time ?? TimeProvider.System;
        _patience = patience ?? DefaultPatience;
    }

    /// <summary>Whether a word can be the name of an encoder's folder: letters, digits, dots, hyphens and underscores, no dot first.</summary>
    public static bool IsName(string name) =>
        !string.IsNullOrEmpty(name) && name[0] != '.' && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    /// <summary>Pulls an encoder; when it is there and whole, nothing is done.</summary>
    /// <param name="name">A name of <see cref="KnownEncoder.All"/>.</param>
    /// <param name="hashes">SHA-256 that files must have, by their path in the repository.</param>
    /// <param name="progress">Told how many megabytes of the file have come.</param>
    /// <param name="cancellationToken">Stops; what came is kept for the next time.</param>
    /// <exception cref="RlaifInputException">The name is not known, a hash names no file, or what was pulled cannot be opened.</exception>
    /// <exception cref="DownloadException">A file cannot be had, or is not what it should be.</exception>
    public async Task<PulledEncoder> PullAsync(
        string name,
        IReadOnlyDictionary<string, string>? hashes = null,
        IProgress<ProgressUpdate>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        KnownEncoder known =
            KnownEncoder.Find(name)
            ?? throw new RlaifInputException(
                $"No encoder is named '{name}'. Known: {string.Join(", ", KnownEncoder.All.Select(k => k.Name))}."
            );
        Dictionary<string, string> expected = Expected(known, hashes ?? new Dictionary<string, string>());
        string target = Path.Combine(_folder, name);
        Directory.CreateDirectory(_folder);
        using FileStream _ = Lock(name);
        EncoderManifest? before = Directory.Exists(target) ? Before(target, name) : null;
        foreach (PulledFile file in before?.Files ?? [])
        {
            expected.TryAdd(file.File, file.Sha256);
        }

        if (before is not null && IsWhole(target, before, expected))
        {
            return new PulledEncoder(name, target, WasThere: true, before);
        }

        string partial = Path.Combine(_folder, $".{name}.partial");
        EncoderManifest manifest = await DownloadAsync(known, partial, expected, progress, cancellationToken);
        if (before is not null)
        {
            Directory.Delete(target, recursive: true);
        }

        Directory.Move(partial, target);
        return new PulledEncoder(name, target, WasThere: false, manifest);
    }

    private async Task<EncoderManifest> DownloadAsync(
        KnownEncoder known,
        string partial,
        Dictionary<string, string> expected,
        IProgress<ProgressUpdate>? progress,
        CancellationToken cancellationToken
    )
    {
        // Redirects are followed by the download, which reads the headers on the way and goes by http or https only.
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = _patience };
        using var http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.UserAgent.ParseAdd("rlaif");
        var download = new ResumableDownload(http, _time, _patience);
        var repository = new Uri(_base, $"{known.Repository}/resolve/{known.Revision}/");
        var files = new List<PulledFile>();
        foreach (string file in known.Files)
        {
            (long size, string hash, bool isStated) = await download.GetAsync(
                new Uri(repository, file),
                Path.Combine(partial, file),
                expected.GetValueOrDefault(file),
                (done, total) => progress?.Report(Megabytes(file, done, total)),
                cancellationToken
            );
            files.Add(new PulledFile(file, size, hash, isStated));
        }

        // Opened once, so that what appears works.
        ITextEncoder encoder = TextEncoders.OpenFolder(new EncoderFolder(partial, known.Name), known.Name);
        (encoder as IDisposable)?.Dispose();
        var manifest = new EncoderManifest(
            new Uri(_base, known.Repository).AbsoluteUri,
            known.Revision,
            known.License,
            encoder.Id,
            encoder.Dimensions,
            files
        );
        manifest.Write(partial);
        foreach (string file in known.Files)
        {
            File.Delete(PartFile.TagOf(Path.Combine(partial, file)));
        }

        return manifest;
    }

    private static ProgressUpdate Megabytes(string file, long done, long? total) =>
        new($"{file}, MB", (int)(done / BytesPerMegabyte), (int)((total ?? 0) / BytesPerMegabyte));

    private static Dictionary<string, string> Expected(KnownEncoder known, IReadOnlyDictionary<string, string> hashes)
    {
        const int HashCharacters = 64;
        foreach ((string file, string hash) in hashes)
        {
            if (!known.Files.Contains(file))
            {
                throw new RlaifInputException($"{known.Name} has no file {file}; it has {string.Join(", ", known.Files)}.");
            }

            if (hash.Length != HashCharacters || !hash.All(char.IsAsciiHexDigit))
            {
                throw new RlaifInputException(
                    $"The sha256 of {file} is '{hash}'; it must have {HashCharacters} hexadecimal digits."
                );
            }
        }

        return hashes.ToDictionary(h => h.Key, h => h.Value.ToLowerInvariant(), StringComparer.Ordinal);
    }

    private static EncoderManifest Before(string target, string name) =>
        EncoderManifest.Read(target)
        ?? throw new RlaifInputException(
            $"{target} is there and was not pulled. Use it as it is (--encoder {name}), or move it away."
        );

    private static bool IsWhole(string target, EncoderManifest manifest, Dictionary<string, string> expected)
    {
        var folder = new EncoderFolder(target);
        return manifest.Files.All(f => folder.Has(f.File) && folder.Sha256(f.File) == expected[f.File]);
    }

    private FileStream Lock(string name)
    {
        try
        {
            return new FileStream(
                Path.Combine(_folder, $".{name}.lock"),
                FileMode.OpenOrCreate,
                FileAccess.ReadWrite,
                FileShare.None,
                1,
                FileOptions.DeleteOnClose
            );
        }
        catch (IOException e)
        {
            throw new RlaifInputException($"Another process is pulling {name} into {_folder}. Wait for it.", e);
        }
    }
}
