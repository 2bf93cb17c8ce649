using Rlaif.Core;
using Rlaif.Data.Text;

namespace Rlaif.Tests.Data.Text;

public sealed class TextEncodersTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static string IdOf(ITextEncoder encoder)
    {
        (encoder as IDisposable)?.Dispose();
        return encoder.Id;
    }

    [Theory]
    [InlineData("hashed", "hashed-ngram-v1/768")]
    [InlineData("hashed:512", "hashed-ngram-v1/512")]
    [InlineData("hashed-ngram-v1/64", "hashed-ngram-v1/64")]
    public void Open_Hashed_HasItsDimensions(string spec, string id)
    {
        ITextEncoder encoder = TextEncoders.Open(spec);
        Assert.Equal(id, encoder.Id);
        Assert.Equal(id, TextEncoders.Open(encoder.Spec!).Id);
    }

    [Theory]
    [InlineData(TinyEncoders.Static, StaticTextEncoder.SpecPrefix)]
    [InlineData(TinyEncoders.MPNet, OnnxTextEncoder.SpecPrefix)]
    public void Open_PathOrName_IsTheSameEncoder(string name, string prefix)
    {
        TinyEncoders.Copy(name, _folder);
        string byPath = IdOf(TextEncoders.Open(prefix + _folder.PathOf(name)));
        ITextEncoder byName = TextEncoders.Open(name, _folder.Root);
        Assert.Equal(name, byName.Spec);
        Assert.Equal(byPath, IdOf(byName));
    }

    [Fact]
    public void Reopen_PathThatIsGone_TakesTheFolderOfItsName()
    {
        string folder = TinyEncoders.Copy(TinyEncoders.Static, _folder);
        string id = TextEncoders.Open($"static:{folder}").Id;
        Assert.Equal(id, TextEncoders.Reopen($"static:/nowhere/{TinyEncoders.Static}", _folder.Root).Id);
        Assert.Throws<RlaifInputException>(() => TextEncoders.Reopen("static:/nowhere/else", _folder.Root));
        Assert.Throws<RlaifInputException>(() => TextEncoders.Open($"static:/nowhere/{TinyEncoders.Static}", _folder.Root));
    }

    [Theory]
    [InlineData("static:")]
    [InlineData("word2vec:x")]
    [InlineData("../tiny-static")]
    [InlineData("..")]
    [InlineData("hashed:0")]
    [InlineData("hashed:-5")]
    [InlineData("hashed:many")]
    [InlineData("hashed:9999999")]
    [InlineData("tiny")]
    public void Open_WhatIsNoEncoder_IsRefusedInOneLine(string spec)
    {
        string message = Assert.Throws<RlaifInputException>(() => TextEncoders.Open(spec, _folder.Root)).Message;
        Assert.Contains($"'{spec}'", message, StringComparison.Ordinal);
        Assert.Contains("must be", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void Open_KnownNameThatIsNotThere_SaysHowToGetIt() =>
        Assert.Contains(
            "rlaif encoders pull all-MiniLM-L6-v2",
            Assert.Throws<RlaifInputException>(() => TextEncoders.Open("all-MiniLM-L6-v2", _folder.Root)).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Open_NamedFolderOfNoKind_IsRefused()
    {
        Directory.CreateDirectory(_folder.PathOf("empty"));
        string message = Assert.Throws<RlaifInputException>(() => TextEncoders.Open("empty", _folder.Root)).Message;
        Assert.Contains("has neither model.onnx", message, StringComparison.Ordinal);
    }
}
