using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Rlaif.Tests.Architecture;

/// <summary>Rules about the source itself: sizes that keep it readable, one public type per file, unique decision records.</summary>
public sealed class SourceRulesTests
{
    private const int FileCap = 400;
    private const int LoopCap = 120;

    private static readonly string Root = Path.GetFullPath(Path.Combine(ThisFolder(), "..", "..", ".."));

    public static TheoryData<string> Sources =>
        [.. Files("src").Concat(Files("tests")).Select(f => Path.GetRelativePath(Root, f).Replace('\\', '/'))];

    [Theory]
    [MemberData(nameof(Sources))]
    public void SourceFile_Length_StaysUnderTheCap(string file)
    {
        int cap = file.EndsWith("/LearningLoop.cs", StringComparison.Ordinal) ? LoopCap : FileCap;
        Assert.InRange(File.ReadAllLines(Path.Combine(Root, file)).Length, 1, cap);
    }

    [Fact]
    public void LibraryFile_PublicType_HasTheNameOfItsFile()
    {
        var declaration = new Regex(
            @"^public (?:(?:static|sealed|abstract|readonly|partial) )*(?:class|record struct|record|struct|interface|enum) (?<type>\w+)",
            RegexOptions.Multiline | RegexOptions.ExplicitCapture,
            TimeSpan.FromSeconds(10)
        );
        string[] wrong =
        [
            .. Files("src/Rlaif")
                .SelectMany(f => declaration.Matches(File.ReadAllText(f)).Select(m => (File: f, Type: m.Groups["type"].Value)))
                .Where(x => Path.GetFileNameWithoutExtension(x.File).Split('.')[0] != x.Type)
                .Select(x => $"{x.Type} is in {x.File}"),
        ];
        Assert.Empty(wrong);
    }

    [Fact]
    public void DecisionRecords_Numbers_AreUnique()
    {
        string[] numbers =
        [
            .. Directory.GetFiles(Path.Combine(Root, "docs", "adr"), "*.md").Select(f => Path.GetFileName(f)[..4]),
        ];
        Assert.NotEmpty(numbers);
        Assert.Equal(numbers.Distinct(), numbers);
    }

    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories);

    private static string ThisFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
