using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using L4Lb.Engine;
using L4Lb.Engine.Desired;

namespace L4Lb.Host.State;

/// <summary>
/// The format in which affinity tables are kept: a head with version and time, each table with its entries, and a
/// SHA-256 of all that. Numbers are little-endian. Binary, because a million entries are to be written every half minute.
/// </summary>
internal static class AffinityFile
{
    /// <summary>The version that this program writes, and the only one that it reads.</summary>
    public const int Version = 1;

    private const int EntryBytes = 16 + 16 + 2 + 8;

    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static ReadOnlySpan<byte> Magic => "L4Lb affinity\n"u8;

    /// <summary>Writes <paramref name="tables"/> as they were at <paramref name="savedAt"/>.</summary>
    public static void Write(Stream stream, DateTimeOffset savedAt, IEnumerable<AffinityTableState> tables)
    {
        Span<byte> bytes = stackalloc byte[EntryBytes];
        using var hash = SHA256.Create();
        using (var hashing = new CryptoStream(stream, hash, CryptoStreamMode.Write, leaveOpen: true))
        using (var writer = new BinaryWriter(new BufferedStream(hashing, 64 * 1024), s_utf8))
        {
            writer.Write(Magic);
            writer.Write(Version);
            writer.Write(savedAt.ToUnixTimeMilliseconds());
            foreach (var (key, entries) in tables)
            {
                writer.Write(key.Namespace);
                writer.Write(key.Name);
                writer.Write(key.Port);
                writer.Write(entries.Count);
                foreach (var entry in entries)
                {
                    BinaryPrimitives.WriteUInt128LittleEndian(bytes, entry.Client);
                    BinaryPrimitives.WriteUInt128LittleEndian(bytes[16..], entry.Backend.Address);
                    BinaryPrimitives.WriteUInt16LittleEndian(bytes[32..], entry.Backend.Port);
                    BinaryPrimitives.WriteInt64LittleEndian(bytes[34..], entry.IdleMs);
                    writer.Write(bytes);
                }
            }
        }

        stream.Write(hash.Hash);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="FormatException">It is not that, or not whole; the message says so.</exception>
    public static (DateTimeOffset SavedAt, IReadOnlyList<AffinityTableState> Tables) Read(byte[] file)
    {
        if (!file.AsSpan().StartsWith(Magic))
        {
            throw new FormatException("it is not a file of affinity tables");
        }

        try
        {
            // The version first: what another one has behind it, nobody here knows.
            using var reader = new BinaryReader(new MemoryStream(file, 0, Math.Max(0, file.Length - SHA256.HashSizeInBytes)), s_utf8);
            reader.BaseStream.Position = Magic.Length;
            if (reader.ReadInt32() is var version && version != Version)
            {
                throw new FormatException($"its version is {version}, this program reads {Version}");
            }

            if (!SHA256.HashData(file.AsSpan(..^SHA256.HashSizeInBytes)).AsSpan().SequenceEqual(file.AsSpan(^SHA256.HashSizeInBytes..)))
            {
                throw new FormatException("its checksum is wrong");
            }

            var savedAt = DateTimeOffset.FromUnixTimeMilliseconds(reader.ReadInt64());
            var tables = new List<AffinityTableState>();
            while (reader.BaseStream.Position < reader.BaseStream.Length)
            {
                tables.Add(ReadTable(reader));
            }

            return (savedAt, tables);
        }
        catch (Exception e) when (e is IOException or ArgumentException)
        {
            throw new FormatException("it is cut off or damaged", e);
        }
    }

    private static AffinityTableState ReadTable(BinaryReader reader)
    {
        var key = new ServiceKey(reader.ReadString(), reader.ReadString(), reader.ReadString());
        var count = reader.ReadInt32();
        if (count < 0 || (long)count * EntryBytes > reader.BaseStream.Length - reader.BaseStream.Position)
        {
            throw new FormatException($"it has not the {count} entries that it says {key} has");
        }

        var entries = new AffinityEntryState[count];
        for (var i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> bytes = reader.ReadBytes(EntryBytes);
            var backend = new AddressKey(
                BinaryPrimitives.ReadUInt128LittleEndian(bytes[16..]), BinaryPrimitives.ReadUInt16LittleEndian(bytes[32..]));
            entries[i] = new(BinaryPrimitives.ReadUInt128LittleEndian(bytes), backend, BinaryPrimitives.ReadInt64LittleEndian(bytes[34..]));
            if (entries[i].IdleMs < 0)
            {
                throw new FormatException($"an entry of {key} is {entries[i].IdleMs} ms old");
            }
        }

        return new AffinityTableState(key, entries);
    }
}
