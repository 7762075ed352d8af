package systrap

const stubKnowsBatches = false
