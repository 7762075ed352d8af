/** One box of the runtime on this host with its files, whoever it is for, from its making to its removal. */
@NullMarked
package dev.atoll.hostagent.box;

import org.jspecify.annotations.NullMarked;
