using System.Buffers.Binary;
using System.Text;
using CsCheck;
using Rlaif.Core;

namespace Rlaif.Tests.Core;

public sealed class SafetensorsFileTests
{
    private static byte[] File(string header, params byte[] data) => File(header, header.Length, data);

    private static byte[] File(string header, long announced, byte[] data)
    {
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, announced);
        return [.. length, .. Encoding.UTF8.GetBytes(header), .. data];
    }

    private static string Tensor(string name, string type, string shape, int start, int end) =>
        $$"""
            "{{name}}":{"dtype":"{{type}}","shape":[{{shape}}],"data_offsets":[{{start}},{{end}}]}
            """;

    [Theory]
    [InlineData("F16", 2, new byte[] { 0x00, 0x3C, 0x00, 0xC1 }, new[] { 1f, -2.5f })]
    [InlineData("BF16", 2, new byte[] { 0x80, 0x3F, 0x20, 0xC0 }, new[] { 1f, -2.5f })]
    [InlineData("F32", 1, new byte[] { 0x00, 0x00, 0x20, 0xC0 }, new[] { -2.5f })]
    [InlineData("F64", 1, new byte[] { 0, 0, 0, 0, 0, 0, 0x04, 0xC0 }, new[] { -2.5f })]
    [InlineData("I8", 2, new byte[] { 0x01, 0xFF }, new[] { 1f, -1f })]
    public void AsFloats_EveryTypeOfNumber_IsRead(string type, int count, byte[] data, float[] expected)
    {
        SafetensorsFile file = SafetensorsFile.Parse(File($"{{{Tensor("t", type, $"{count}", 0, data.Length)}}}", data));
        Assert.True(file.Has("t"));
        Assert.False(file.Has("u"));
        Assert.Equal([count], file.ShapeOf("t"));
        Assert.Equal(expected, file.AsFloats("t"));
    }

    [Theory]
    [InlineData("I32", new byte[] { 0xFE, 0xFF, 0xFF, 0xFF })]
    [InlineData("I64", new byte[] { 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF })]
    public void AsIntegers_BothWidths_AreRead(string type, byte[] data) =>
        Assert.Equal([-2], SafetensorsFile.Parse(File($"{{{Tensor("t", type, "1", 0, data.Length)}}}", data)).AsIntegers("t"));

    [Theory]
    [InlineData("F32", "3", 0, 8, "needs 12")]
    [InlineData("F32", "2", 0, 12, "cut short")]
    [InlineData("F32", "2", -8, 0, "cut short")]
    [InlineData("F32", "1", 4, 8, "begins at byte 4 instead of 0")]
    [InlineData("F32", "1", 0, 4, "8 bytes of numbers where the header announces 4")]
    [InlineData("F32", "-2,-1", 0, 8, "needs 8")]
    [InlineData("F32", "65536,65536,65536,65536", 0, 8, "not one of safetensors")]
    [InlineData("F32", "4294967296", 0, 8, "not one of safetensors")]
    [InlineData("F7", "2", 0, 8, "\"F7\" is no type of numbers")]
    [InlineData("U64", "1", 0, 8, "tensor t is of U64")]
    public void Parse_HeaderThatLies_IsRefused(string type, string shape, int start, int end, string message)
    {
        byte[] file = File($"{{{Tensor("t", type, shape, start, end)}}}", new byte[8]);
        Exception e = Assert.Throws<InvalidDataException>(() => SafetensorsFile.Parse(file).AsFloats("t"));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_TensorsThatOverlap_AreRefused()
    {
        string header = $"{{{Tensor("a", "F32", "2", 0, 8)},{Tensor("b", "F32", "1", 4, 8)}}}";
        Exception e = Assert.Throws<InvalidDataException>(() => SafetensorsFile.Parse(File(header, new byte[8])));
        Assert.Contains("begins at byte 4 instead of 8", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", -1)]
    [InlineData("{}", 3)]
    [InlineData("{}", long.MaxValue)]
    [InlineData("[]", 2)]
    [InlineData("{\"t\":3}", 7)]
    [InlineData("{\"__metadata__\":[]}", 19)]
    public void Parse_NoHeader_IsRefused(string header, long announced) =>
        Assert.Throws<InvalidDataException>(() => SafetensorsFile.Parse(File(header, announced, [])));

    [Theory]
    [InlineData("0.8")]
    [InlineData("")]
    [InlineData("0,8,8")]
    public void Parse_OffsetsThatAreNotTwo_IsRefused(string offsets)
    {
        string header = $"{{\"a\":{{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[{offsets}]}}}}";
        Assert.Throws<InvalidDataException>(() => SafetensorsFile.Parse(File(header, new byte[8])));
    }

    [Fact]
    public void Parse_AnyBytesChanged_GivesTensorsOrRefuses()
    {
        byte[] whole = File($"{{{Tensor("a", "F32", "2", 0, 8)},{Tensor("b", "F16", "1,2", 8, 12)}}}", new byte[12]);
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte)
            .Sample(change =>
            {
                byte[] bytes = [.. whole];
                bytes[change.Item1] = change.Item2;
                try
                {
                    SafetensorsFile.Parse(bytes);
                }
                catch (InvalidDataException)
                {
                    // Said so.
                }
            });
    }
}
