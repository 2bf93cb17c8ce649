using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Rlaif.Core;

/// <summary>
/// Named arrays and text in the safetensors format: 8 bytes with the header's length, a JSON header, the numbers (little-endian).
/// Other programs read it, and reading it runs nothing. Ours have 32- and 64-bit floats; those of others also half precision and integers.
/// </summary>
internal sealed class SafetensorsFile
{
    private const string MetadataKey = "__metadata__";
    private const int MaxHeaderBytes = 100_000_000;
    private const int Alignment = 8;

    private readonly Dictionary<string, Tensor> _tensors = new(StringComparer.Ordinal);

    /// <summary>Text by name.</summary>
    public Dictionary<string, string> Metadata { get; private init; } = new(StringComparer.Ordinal);

    public void Add(string name, ReadOnlySpan<float> values, params int[] shape) =>
        _tensors.Add(name, new Tensor("F32", shape, MemoryMarshal.AsBytes(values).ToArray()));

    public void Add(string name, ReadOnlySpan<double> values) =>
        _tensors.Add(name, new Tensor("F64", [values.Length], MemoryMarshal.AsBytes(values).ToArray()));

    /// <summary>The values of a tensor.</summary>
    /// <exception cref="InvalidDataException">There is none of this name, type and length.</exception>
    public float[] Floats(string name, int length) => Values<float>(name, "F32", length);

    /// <inheritdoc cref="Floats"/>
    public double[] Doubles(string name, int length) => Values<double>(name, "F64", length);

    /// <summary>Whether there is a tensor of this name.</summary>
    public bool Has(string name) => _tensors.ContainsKey(name);

    /// <summary>The lengths of a tensor's dimensions.</summary>
    /// <exception cref="InvalidDataException">There is none of this name.</exception>
    public IReadOnlyList<int> ShapeOf(string name) => Find(name).Shape;

    /// <summary>The values of a tensor of any number type, in single precision.</summary>
    /// <exception cref="InvalidDataException">There is none of this name, or its type is not a number's.</exception>
    public float[] AsFloats(string name)
    {
        Tensor tensor = Find(name);
        ReadOnlySpan<byte> data = tensor.Data.Span;
        return tensor.Type switch
        {
            "F32" => MemoryMarshal.Cast<byte, float>(data).ToArray(),
            "F64" => Converted<double>(data, v => (float)v),
            "F16" => Converted<Half>(data, v => (float)v),
            // The upper half of a single.
            "BF16" => Converted<ushort>(data, v => BitConverter.UInt32BitsToSingle((uint)v << 16)),
            "I8" => Converted<sbyte>(data, v => v),
            _ => throw new InvalidDataException($"tensor {name} is of {tensor.Type} instead of F32, F64, F16, BF16 or I8"),
        };
    }

    /// <summary>The values of a tensor of whole numbers.</summary>
    /// <exception cref="InvalidDataException">There is none of this name, or its type is another.</exception>
    public long[] AsIntegers(string name)
    {
        Tensor tensor = Find(name);
        return tensor.Type switch
        {
            "I64" => MemoryMarshal.Cast<byte, long>(tensor.Data.Span).ToArray(),
            "I32" => [.. MemoryMarshal.Cast<byte, int>(tensor.Data.Span)],
            _ => throw new InvalidDataException($"tensor {name} is of {tensor.Type} instead of I32 or I64"),
        };
    }

    /// <summary>SHA-256, in hexadecimal, over a text and then all tensors with names, types and shapes, in the order of their names.</summary>
    public string HashWith(string text)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(text));
        foreach ((string name, (string type, int[] shape, ReadOnlyMemory<byte> data)) in Ordered())
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"\n{name} {type} {string.Join('x', shape)}\n"));
            hash.AppendData(data.Span);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Writes the file, tensors in the order of their names.</summary>
    public async Task WriteAsync(Stream stream, CancellationToken cancellationToken)
    {
        var header = new SortedDictionary<string, object>(StringComparer.Ordinal) { [MetadataKey] = Metadata };
        List<KeyValuePair<string, Tensor>> ordered = Ordered();
        long offset = 0;
        foreach ((string name, (string type, int[] shape, ReadOnlyMemory<byte> data)) in ordered)
        {
            header.Add(
                name,
                new
                {
                    dtype = type,
                    shape,
                    data_offsets = new[] { offset, offset + data.Length },
                }
            );
            offset += data.Length;
        }

        byte[] json = JsonSerializer.SerializeToUtf8Bytes(header);
        int padding = (Alignment - (json.Length % Alignment)) % Alignment;
        byte[] length = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)(json.Length + padding));
        await stream.WriteAsync(length, cancellationToken);
        await stream.WriteAsync(json, cancellationToken);
        await stream.WriteAsync(new string(' ', padding).Select(c => (byte)c).ToArray(), cancellationToken);
        foreach (var tensor in ordered)
        {
            await stream.WriteAsync(tensor.Value.Data, cancellationToken);
        }
    }

    private List<KeyValuePair<string, Tensor>> Ordered() => [.. _tensors.OrderBy(t => t.Key, StringComparer.Ordinal)];

    /// <summary>Reads a whole file. Nothing that its header says is believed before it was held against the bytes that are there.</summary>
    /// <exception cref="InvalidDataException">It is not such a file, or not all of it is there.</exception>
    public static SafetensorsFile Parse(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length < sizeof(ulong))
        {
            throw new InvalidDataException($"{bytes.Length} bytes are too few for a header");
        }

        ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(bytes.Span);
        ReadOnlyMemory<byte> rest = bytes[sizeof(ulong)..];
        if (headerLength > Math.Min((ulong)rest.Length, MaxHeaderBytes))
        {
            throw new InvalidDataException($"the header should have {headerLength} bytes, but only {rest.Length} follow");
        }

        try
        {
            using JsonDocument header = JsonDocument.Parse(rest[..(int)headerLength]);
            return Read(header.RootElement, rest[(int)headerLength..]);
        }
        catch (Exception e)
            when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or OverflowException)
        {
            throw new InvalidDataException("the header is not one of safetensors", e);
        }
    }

    private static SafetensorsFile Read(JsonElement header, ReadOnlyMemory<byte> data)
    {
        var file = new SafetensorsFile();
        var places = new List<(string Name, long Start, long End)>();
        foreach (JsonProperty entry in header.EnumerateObject())
        {
            if (entry.NameEquals(MetadataKey))
            {
                foreach (JsonProperty text in entry.Value.EnumerateObject())
                {
                    file.Metadata[text.Name] = text.Value.GetString() ?? "";
                }

                continue;
            }

            JsonElement offsets = entry.Value.GetProperty("data_offsets");
            if (offsets.GetArrayLength() != 2)
            {
                throw new InvalidDataException($"tensor {entry.Name} has {offsets.GetArrayLength()} offsets instead of 2");
            }

            (long start, long end) = (offsets[0].GetInt64(), offsets[1].GetInt64());
            if (start < 0 || end < start || end > data.Length)
            {
                throw new InvalidDataException(
                    $"tensor {entry.Name} ends at byte {end}, but there are {data.Length}: the file is cut short"
                );
            }

            places.Add((entry.Name, start, end));
            file._tensors[entry.Name] = ReadTensor(entry, data[(int)start..(int)end]);
        }

        RequireGapless(places, data.Length);
        return file;
    }

    private static Tensor ReadTensor(JsonProperty entry, ReadOnlyMemory<byte> data)
    {
        int[] shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(s => s.GetInt32())];
        string type = entry.Value.GetProperty("dtype").GetString() ?? "";
        long bytes = shape.Aggregate((long)BytesOf(type), (product, length) => checked(product * length));
        return bytes == data.Length && shape.All(length => length >= 0)
            ? new Tensor(type, shape, data)
            : throw new InvalidDataException(
                $"tensor {entry.Name} has {data.Length} bytes, but {type}[{string.Join(',', shape)}] needs {bytes}"
            );
    }

    /// <summary>Numbers lie one tensor after the other, as the format demands; a header that overlaps them would make much out of little.</summary>
    private static void RequireGapless(List<(string Name, long Start, long End)> places, long length)
    {
        long expected = 0;
        foreach ((string name, long start, long end) in places.OrderBy(p => p.Start).ThenBy(p => p.End))
        {
            if (start != expected)
            {
                throw new InvalidDataException($"tensor {name} begins at byte {start} instead of {expected}");
            }

            expected = end;
        }

        if (expected != length)
        {
            throw new InvalidDataException($"{length} bytes of numbers where the header announces {expected}");
        }
    }

    private static int BytesOf(string type) =>
        type switch
        {
            "F64" or "I64" or "U64" => 8,
            "F32" or "I32" or "U32" => 4,
            "F16" or "BF16" or "I16" or "U16" => 2,
            "I8" or "U8" or "BOOL" => 1,
            _ => throw new InvalidDataException($"\"{type}\" is no type of numbers that is known"),
        };

    private static float[] Converted<T>(ReadOnlySpan<byte> data, Func<T, float> convert)
        where T : unmanaged
    {
        ReadOnlySpan<T> values = MemoryMarshal.Cast<byte, T>(data);
        float[] converted = new float[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            converted[i] = convert(values[i]);
        }

        return converted;
    }

    private T[] Values<T>(string name, string type, int length)
        where T : unmanaged
    {
        Tensor tensor = Find(name);
        T[] values = MemoryMarshal.Cast<byte, T>(tensor.Data.Span).ToArray();
        return tensor.Type == type && values.Length == length
            ? values
            : throw new InvalidDataException(
                $"tensor {name} has {values.Length} values of {tensor.Type} instead of {length} of {type}"
            );
    }

    private Tensor Find(string name) =>
        _tensors.TryGetValue(name, out Tensor? tensor) ? tensor : throw new InvalidDataException($"tensor {name} is missing");

    private sealed record Tensor(string Type, int[] Shape, ReadOnlyMemory<byte> Data);
}
