using Microsoft.Data.Sqlite;
using Rlaif.Data.Text;

namespace Rlaif.Tests.Data.Text;

public sealed class DiskCachedTextEncoderTests : IDisposable
{
    private static readonly string[] Texts = [.. Enumerable.Range(0, 700).Select(i => $"text {i} {new string('x', i % 40)}")];

    private readonly TempFolder _folder = new();
    private readonly List<string> _warnings = [];

    private string Cache => _folder.PathOf("cache/embeddings/embeddings.db");

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    private DiskCachedTextEncoder Open(ITextEncoder? encoder = null) => new(encoder ?? new Counting(), Cache, _warnings.Add);

    private static float[] EncodeAll(ITextEncoder encoder)
    {
        float[] vectors = new float[Texts.Length * encoder.Dimensions];
        encoder.EncodeAll(Texts, vectors, 2);
        return vectors;
    }

    private void Sql(string command)
    {
        using var connection = new SqliteConnection($"Data Source={Cache}");
        connection.Open();
        using SqliteCommand run = connection.CreateCommand();
        run.CommandText = command;
        Assert.True(run.ExecuteNonQuery() > 0);
    }

    [Fact]
    public void EncodeAll_SecondTime_GivesTheSameBitsWithoutEncoding()
    {
        float[] plain = EncodeAll(new Counting());
        DiskCachedTextEncoder first = Open();
        Assert.Equal(plain, EncodeAll(first));
        Assert.Equal((0, 700), (first.Hits, first.Misses));

        var encoder = new Counting();
        DiskCachedTextEncoder second = Open(encoder);
        Assert.Equal(plain, EncodeAll(second));
        Assert.Equal((700, 0, 0), (second.Hits, second.Misses, encoder.Encoded));
        float[] alone = new float[4];
        second.Encode(Texts[3], alone);
        Assert.Equal(plain[12..16], alone);
        Assert.Equal((701, 0, 0), (second.Hits, second.Misses, encoder.Encoded));
        Assert.Empty(_warnings);
    }

    [Fact]
    public void EncodeAll_OtherEncoderInTheSameFile_IsKeptApart()
    {
        float[] one = EncodeAll(Open(new Counting { Id = "one" }));
        float[] other = EncodeAll(Open(new Counting { Id = "other" }));
        Assert.NotEqual(one, other);
        Assert.Equal(one, EncodeAll(Open(new Counting { Id = "one" })));
    }

    [Fact]
    public void EncodeAll_WhatIsToldOfProgress_GrowsToAll()
    {
        EncodeAll(Open());
        var told = new List<int>();
        string[] texts = [.. Texts, .. Enumerable.Range(0, 600).Select(i => $"new {i}")];
        Open().EncodeAll(texts, new float[texts.Length * 4], 1, new Listing(told));
        Assert.Equal(told.Order(), told);
        Assert.Equal(texts.Length, told[^1]);
        Assert.True(told[0] >= Texts.Length);
    }

    [Fact]
    public void EncodeAll_DamagedVector_IsMadeAnewAndSaid()
    {
        float[] plain = EncodeAll(Open());
        Sql("UPDATE vectors SET value = zeroblob(length(value)) WHERE rowid % 7 = 0");
        DiskCachedTextEncoder again = Open();
        Assert.Equal(plain, EncodeAll(again));
        Assert.Equal((600, 100), (again.Hits, again.Misses));
        Assert.Contains("100 stored vectors are damaged", Assert.Single(_warnings), StringComparison.Ordinal);
        Assert.Equal(plain, EncodeAll(again));
        Assert.Equal((1300, 100), (again.Hits, again.Misses));
    }

    [Fact]
    public void EncodeAll_VectorOfAnotherText_IsNotBelieved()
    {
        float[] plain = EncodeAll(Open());
        Sql("UPDATE vectors SET value = (SELECT value FROM vectors ORDER BY rowid LIMIT 1)");
        Assert.Equal(plain, EncodeAll(Open()));
    }

    [Theory]
    [InlineData(
        "no database at all, but long enough to have a header of a hundred bytes, which is what one looks at first when opening"
    )]
    [InlineData("")]
    [InlineData("short")]
    public void EncodeAll_FileThatIsNoDatabase_IsBegunAgain(string content)
    {
        _folder.Write("cache/embeddings/embeddings.db", content);
        float[] plain = EncodeAll(new Counting());
        Assert.Equal(plain, EncodeAll(Open()));
        DiskCachedTextEncoder again = Open();
        Assert.Equal(plain, EncodeAll(again));
        Assert.Equal(700, again.Hits);
        Assert.Equal(content.Length == 0 ? 0 : 1, _warnings.Count);
    }

    [Fact]
    public void EncodeAll_PagesOverwritten_NeverGivesAWrongVector()
    {
        float[] plain = EncodeAll(Open());
        SqliteConnection.ClearAllPools();
        byte[] bytes = File.ReadAllBytes(Cache);
        for (int at = 100; at < bytes.Length; at += 97)
        {
            bytes[at] ^= 0x5A;
        }

        File.WriteAllBytes(Cache, bytes);
        Assert.Equal(plain, EncodeAll(Open()));
        Assert.NotEmpty(_warnings);
        DiskCachedTextEncoder again = Open();
        Assert.Equal(plain, EncodeAll(again));
        Assert.Equal(plain, EncodeAll(Open()));
    }

    [Fact]
    public void EncodeAll_TableOfAnotherForm_IsBegunAgain()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Cache)!);
        using (var connection = new SqliteConnection($"Data Source={Cache}"))
        {
            connection.Open();
            using SqliteCommand create = connection.CreateCommand();
            create.CommandText = "CREATE TABLE vectors (other TEXT)";
            create.ExecuteNonQuery();
        }

        Assert.Equal(EncodeAll(new Counting()), EncodeAll(Open()));
        Assert.Contains("begun again", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void EncodeAll_FileThatCannotBe_IsDoneWithoutOnce()
    {
        _folder.Write("cache/embeddings", "a file where the folder should be");
        DiskCachedTextEncoder encoder = Open();
        Assert.Equal(EncodeAll(new Counting()), EncodeAll(encoder));
        Assert.Equal(EncodeAll(new Counting()), EncodeAll(encoder));
        Assert.Contains("cannot be used", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task EncodeAll_ManyWritersAtOnce_AgreeAndKeepEverything()
    {
        float[] plain = EncodeAll(new Counting());
        float[][] all = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => Task.Run(() => EncodeAll(new DiskCachedTextEncoder(new Counting(), Cache, Warn))))
        );
        Assert.All(all, v => Assert.Equal(plain, v));
        DiskCachedTextEncoder after = Open();
        Assert.Equal(plain, EncodeAll(after));
        Assert.Equal(700, after.Hits);
        Assert.Empty(_warnings);

        void Warn(string warning)
        {
            lock (_warnings)
            {
                _warnings.Add(warning);
            }
        }
    }

    [Fact]
    public void EncodeAll_Cancelled_KeepsWhatWasDone()
    {
        using var stop = new CancellationTokenSource();
        var encoder = new Counting { Done = n => stop.CancelIf(n == 600) };
        DiskCachedTextEncoder cached = Open(encoder);
        Assert.ThrowsAny<OperationCanceledException>(() => cached.EncodeAll(Texts, new float[2800], 1, null, stop.Token));
        DiskCachedTextEncoder again = Open();
        EncodeAll(again);
        Assert.Equal(512, again.Hits);
    }

    /// <summary>Vectors made of a hash of id and text.</summary>
    private sealed class Counting : ITextEncoder
    {
        private int _encoded;

        public int Encoded => _encoded;

        public Action<int>? Done { get; init; }

        public string Id { get; init; } = "counting";

        public int Dimensions => 4;

        public void Encode(string text, Span<float> destination)
        {
            ulong hash = new Rlaif.Core.DeterministicRandom(0).Fork($"{Id}/{text}").NextBits();
            for (int i = 0; i < destination.Length; i++)
            {
                destination[i] = (hash >> (16 * i)) & 0xFFFF;
            }

            int encoded = Interlocked.Increment(ref _encoded);
            Done?.Invoke(encoded);
        }
    }

    private sealed class Listing(List<int> told) : IProgress<int>
    {
        public void Report(int value) => told.Add(value);
    }
}

file static class Cancelling
{
    public static void CancelIf(this CancellationTokenSource source, bool condition)
    {
        if (condition)
        {
            source.Cancel();
        }
    }
}
